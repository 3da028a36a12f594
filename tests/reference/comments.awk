# comments.awk - what the comment of an exported function must say; prints what is missing. After lib/reference/read.awk.
#
# meaning    a comment of its own, above it or behind it; every field, constant and type has one, too
# ownership  a function that gives a pointer: "yours: hg_x_free()" with a function that is exported, or borrowed, or static
# errors     a status: HG_E_*; a pointer: when it is NULL; a number: what it is of NULL, or where there is none
# thread     who may call it from where
# Errors and threads may be told by the file's opening comment or by a remark of the section, for all that they are of.

function opened(title, words) {
    file_words = title "\n" words
    section_words = ""
    headers++
}

function remarked(title, words) {
    if (title != told)
        section_words = ""
    told = title
    section_words = section_words "\n" words
}

function wrong(what) {
    print header ": " name ": " what
    failures++
}

function declared(kind, the_name, code, words, is_own,    i, all) {
    name = the_name
    if (trim(words) == "" || (kind == "function" && !is_own))
        wrong("has no comment of its own")
    for (i = 1; i <= member_count; i++)
        if (member_words[i] == "") {
            name = the_name == member_name[i] ? the_name : the_name "." member_name[i]
            wrong("has no comment")
        }
    name = the_name
    if (kind != "function")
        return
    where[name] = header
    all = words "\n" (told == section ? section_words : "") "\n" file_words
    check_ownership(words)
    check_errors(words, all)
    if (all !~ /[Tt]hread/)
        wrong("does not say which thread may call it")
}

# The frees that are named are looked up when all headers are read.
function check_ownership(words,    result, rest) {
    result = plain
    sub(/ *hg_[a-z0-9_]*\(.*/, "", result)
    if (result !~ /\*$/ && plain !~ /\*\*/ && plain !~ /hg_str \*out/)
        return
    if (plain ~ /^void/)
        return
    if (words !~ /[Yy]ours|[Bb]orrowed|[Ss]tatic/)
        wrong("does not say whose the memory is that it gives")
    rest = words
    while (match(rest, /[Yy]ours[:,][^.;(]*\(/)) {
        freed = substr(rest, RSTART, RLENGTH - 1)
        rest = substr(rest, RSTART + RLENGTH)
        sub(/^.*[^A-Za-z0-9_]/, "", freed)
        frees[header "\t" name "\t" freed] = freed
    }
    if (words ~ /[Yy]ours/ && words !~ /[Yy]ours[:,][^.;(]*\(/)
        wrong("names no function that frees what it gives")
}

function check_errors(words, all) {
    if (plain ~ /^hg_status /) {
        if (all !~ /HG_E_/)
            wrong("names no error")
    } else if (name ~ /_(free|close)$/) {
        if (words !~ /NULL is allowed/)
            wrong("does not say that NULL is allowed")
    } else if (plain !~ /^void/ && plain !~ /\(void\)/ || plain ~ /^[^(]*\*/) {
        if (words !~ /NULL|-1|none/)
            wrong("does not say what it gives of NULL, or where there is nothing")
    }
}

function closed() {
}

END {
    while ((getline line < "lib/hotgigs.map") > 0)
        if (line ~ /^ *hg_[a-z0-9_]*;/) {
            line = trim(line)
            sub(/;.*/, "", line)
            exported[line] = 1
            functions++
        }
    for (line in exported)
        if (!(line in where)) {
            print "lib/hotgigs.map: " line ": is declared in no header"
            failures++
        }
    for (line in frees)
        if (!(frees[line] in exported) && frees[line] != "cJSON_Delete") {
            split(line, parts, "\t")
            header = parts[1]
            name = parts[2]
            wrong(frees[line] "() is not exported")
        }
    printf "%d functions in %d headers, %d defects\n", functions, headers, failures
    exit failures > 0
}
