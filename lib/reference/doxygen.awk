# doxygen.awk - a public header as Doxygen wants it: the same declarations, with marked comments. Its input filter.
#
#     awk -f read.awk -f words.awk -f doxygen.awk HEADER

function opened(title, words) {
    print "/** @file " header
    print doxygen_of(title "\n\n" words) "*/"
}

# A remark goes to the file's own text, under its section's title.
function remarked(title, words) {
    print "/** @file " header
    if (title != "")
        print "@par " escaped(title)
    print doxygen_of(words) "*/"
}

function declared(kind, name, code, words, is_own,    i, all) {
    declaration = plain
    print "/** " doxygen_of(words) "*/"
    if (kind == "macro") {
        print code
    } else if (member_count == 0) {
        print plain
    } else {
        print substr(plain, 1, index(plain, "{"))
        for (i = 1; i <= member_count; i++)
            print "    " member_code[i] (kind == "enum" ? "," : ";") " /**< " escaped(member_words[i]) " */"
        all = plain
        sub(/^.*}/, "}", all)
        print all
    }
}

function closed() {
}

# '*' and '/' together would end the comment. @ and \ begin commands, '#', '%' and "::" are links, < and & are HTML.
function escaped(s) {
    gsub(/\\/, "\\\\\\\\", s)
    gsub(/@/, "\\@", s)
    gsub(/</, "\\<", s)
    gsub(/>/, "\\>", s)
    gsub(/&/, "\\\\\\&", s)
    gsub(/#/, "\\#", s)
    gsub(/%/, "\\%", s)
    gsub(/::/, "\\::", s)
    gsub(/"/, "\\\"", s)
    gsub(/---/, "\\---", s)
    sub(/^-/, "\\-", s)
    return s
}

function doxygen_of(words) {
    made = ""
    in_list = 0
    tell(words)
    return made
}

function paragraph(line) {
    made = made escaped(line) "\n"
}

function paragraph_end() {
    made = made "\n"
}

# A status, a parameter, or a word that the comment itself has chosen.
function note(label, line) {
    if (label ~ /^HG_(E_[A-Z_]*|OK)$/)
        made = made "@retval " label " " escaped(line) "\n"
    else if (label ~ /^[a-z0-9_]+$/ && declaration ~ ("[ *]" label "[,)]"))
        made = made "@param " label " " escaped(line) "\n"
    else
        made = made "\n<b>" escaped(label) "</b> " escaped(line) "\n"
}

function more(line) {
    made = made escaped(line) "\n"
}

function code_begin() {
    made = made "@code{.c}\n"
}

function code_line(line) {
    made = made line "\n"
}

function code_end() {
    made = made "@endcode\n"
}
