module hotgigs.example

go 1.19
