# man.awk - the manual's section 3: a page for each group of functions, and a line that leads there for each function.
#
#     awk -v out=DIR -v version=0.1.0 -v date=2026-01-31 -f read.awk -f words.awk -f man.awk HEADER ...
#
# A header is a page: hg_conn(3) of conn.h, hg_job(3) of tables/jobs.h. Of the operations each is one, hg_job_set_state(3) of
# its section in operations/jobs.h. Structs and constants stand in it as in the header, comments and all.

function opened(title, words) {
    file_title = title
    file_words = words
    if (header !~ /\/operations\//)
        begin_page("", title)
}

function begin_page(name, title) {
    sub(/\.$/, "", title)
    page = name
    page_title = title
    page_names = synopsis = functions = types = remarks = ""
}

# The page's name is of the header, but a table's is its row's, and an operation's its call's.
function page_of_header(    name) {
    name = header
    sub(/^.*\//, "", name)
    sub(/\.h$/, "", name)
    return name == "hotgigs" ? name : "hg_" name
}

function turn_to_section() {
    if (header ~ /\/operations\// && page != "hg_" section) {
        end_page()
        begin_page("hg_" section, "operation " section)
        remarks = file_words
    }
}

function remarked(title, words) {
    turn_to_section()
    if (title == "" || header ~ /\/operations\//)
        remarks = remarks "\n\n" words
    else
        functions = functions ".SS " quoted(title) "\n" troff_of(words)
}

function declared(kind, name, code, words, is_own) {
    turn_to_section()
    if (kind == "function") {
        if (header ~ /\/operations\// && name == page)
            page_title = first_sentence(words)
        page_names = page_names (page_names == "" ? "" : ",\n") name
        names[++name_count] = name
        sub(/ *\/\*.*\*\/ *$/, "", code)
        synopsis = synopsis (synopsis == "" ? "" : "\n") bold_lines(code)
        functions = functions ".SS " name "()\n" troff_of(words)
    } else {
        if (kind == "struct" && header ~ /\/(tables|views)\// && page == "")
            page = name
        types = types (types == "" ? "" : ".PP\n") troff_of(words) ".PP\n.RS 4\n.nf\n" escaped_lines(code) "\n.fi\n.RE\n"
    }
}

function closed() {
    end_page()
}

function first_sentence(words) {
    gsub(/\n/, " ", words)
    if (match(words, /\. /))
        words = substr(words, 1, RSTART - 1)
    sub(/\.$/, "", words)
    return words
}

function end_page(    file, i) {
    if (page_title == "")
        return
    if (page == "")
        page = page_of_header()
    file = out "/" page ".3"
    print ".\\\" Written from include/" header " by lib/reference/man.awk." > file
    print ".TH " page " 3 " date " \"libhotgigs " version "\" libhotgigs" > file
    print ".SH NAME" > file
    if (page_names != page)
        page_names = page (page_names == "" ? "" : ",\n") without(page_names, page)
    print page_names " \\- " escaped(page_title) > file
    print ".SH LIBRARY\nlibhotgigs (\\-lhotgigs)" > file
    print ".SH SYNOPSIS\n.nf\n.B #include <" header ">" > file
    if (synopsis != "")
        print ".PP\n" synopsis > file
    print ".fi" > file
    words = trim(remarks_of_page())
    if (words != "")
        printf "%s", ".SH DESCRIPTION\n" troff_of(words) > file
    if (functions != "")
        printf "%s", ".SH FUNCTIONS\n" functions > file
    if (types != "")
        printf "%s", ".SH TYPES AND CONSTANTS\n" types > file
    print ".SH SEE ALSO" > file
    print see_also() > file
    close(file)
    for (i = 1; i <= name_count; i++)
        if (names[i] != page) {
            file = out "/" names[i] ".3"
            print ".so man3/" page ".3" > file
            close(file)
        }
    name_count = 0
    page_title = ""
}

function remarks_of_page() {
    return header ~ /\/operations\// ? remarks : file_words remarks
}

# What everybody reads first, and what a page of a table or of an operation builds on.
function see_also() {
    if (page == "hotgigs")
        return ".BR hg_conn (3),\n.BR hg_core (3),\n.BR hg_pool (3),\n.BR hg_query (3),\n.BR hg_session (3),\n.BR hg_tx (3)"
    if (header ~ /\/(tables|views)\//)
        return ".BR hotgigs (3),\n.BR hg_conn (3),\n.BR hg_draft (3),\n.BR hg_query (3),\n.BR hg_related (3)"
    if (header ~ /\/operations\//)
        return ".BR hotgigs (3),\n.BR hg_conn (3),\n.BR hg_operation (3),\n.BR hg_operations (3)"
    return ".BR hotgigs (3),\n.BR hg_core (3)"
}

function without(list, name) {
    sub("^" name ",\n", "", list)
    gsub(",\n" name ",\n", ",\n", list)
    sub(",\n" name "$", "", list)
    return list
}

# ---- troff ---------------------------------------------------------------------------------------------------------------

function escaped(s) {
    gsub(/\\/, "\\e", s)
    gsub(/-/, "\\-", s)
    gsub(/\^/, "\\(ha", s)
    gsub(/~/, "\\(ti", s)
    gsub(/·/, "\\(pc", s)
    gsub(/é/, "\\('e", s)
    if (s ~ /^[.']/)
        s = "\\&" s
    return s
}

function quoted(s) {
    gsub(/"/, "\\(dq", s)
    return "\"" s "\""
}

function escaped_lines(s,    lines, count, i, made) {
    count = split(s, lines, "\n")
    for (i = 1; i <= count; i++)
        made = made (i == 1 ? "" : "\n") escaped(lines[i])
    return made
}

function bold_lines(s,    lines, count, i, made) {
    count = split(s, lines, "\n")
    for (i = 1; i <= count; i++)
        made = made (i == 1 ? "" : "\n") "\\fB" escaped(lines[i]) "\\fP"
    return made
}

function troff_of(words) {
    made = ""
    gap = ".PP\n"
    tell(words)
    sub(/^\.PP\n/, "", made)
    return made
}

function paragraph(line) {
    made = made gap escaped(line) "\n"
    gap = ""
}

function paragraph_end() {
    gap = ".PP\n"
}

function note(label, line) {
    made = made ".TP\n.B " escaped(label) "\n" escaped(line) "\n"
    gap = ".PP\n"
}

function more(line) {
    made = made escaped(line) "\n"
}

function code_begin() {
    made = made ".PP\n.RS 4\n.nf\n"
}

function code_line(line) {
    made = made (line == "" ? "\\&" : escaped(line)) "\n"
}

function code_end() {
    made = made ".fi\n.RE\n"
    gap = ".PP\n"
}
