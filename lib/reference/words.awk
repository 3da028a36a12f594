# words.awk - a comment as paragraphs, notes and code; what these become is the other file's.
#
# Calls paragraph(line) and paragraph_end(), note(label, line) and more(line), code_begin(), code_line(line), code_end().
function tell(words,    lines, count, i, line, is_note, is_code, label) {
    count = split(words, lines, "\n")
    is_note = is_code = 0
    for (i = 1; i <= count; i++) {
        line = lines[i]
        if (line == "" && is_code && lines[i + 1] ~ /^    /) {
            code_line("")
            continue
        }
        if (is_code && line !~ /^    /) {
            is_code = 0
            code_end()
        }
        if (line == "") {
            is_note = 0
            paragraph_end()
        } else if (line ~ /^    / && !is_note) {
            if (!is_code)
                code_begin()
            is_code = 1
            code_line(substr(line, 5))
        } else if (line ~ /^[^ ]+(, [^ ]+)*  +[^ ]/) {
            label = substr(line, 1, index(line, "  ") - 1)
            note(label, trim(substr(line, index(line, "  "))))
            is_note = 1
        } else if (line ~ /^  / && is_note) {
            more(trim(line))
        } else {
            if (is_note)
                paragraph_end()
            is_note = 0
            paragraph(trim(line))
        }
    }
    if (is_code)
        code_end()
}
