/* read_snapshot.c - tests/abi/layout.txt as the last run left it: what was promised.
 *
 *     # hotgigs/tables/jobs.h
 *     0.1.0 struct hg_job 664
 *     0.1.0 field hg_job.title offset 80 size 16 hg_str
 *     0.1.0 constant HG_JOB_TITLE 3
 *     0.1.0 column hg_job.title 3 text
 *     0.1.0 value hg_job.job_type.full_time 1
 *     0.1.0 symbol hg_job_get hg_status (hg_conn *, const hg_uuid *, const hg_job **, hg_error *)
 *
 * One fact a line: the version that first had it, its kind, its name and the rest. A line with # is a comment. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen/gen.h"

const char snapshot_path[] = "tests/abi/layout.txt";

char *
version_text(uint32_t version)
{
    return format("%u.%u.%u", version >> 16 & 0xff, version >> 8 & 0xff, version & 0xff);
}

void
add_fact(facts *all, uint32_t since, const char *kind, const char *name, const char *value)
{
    all->items = MORE(all->items, all->count);
    all->items[all->count++] = (fact){ since, kind, name, value, 0 };
}

const fact *
find_fact(const facts *all, const char *kind, const char *name)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->items[i].name, name) == 0 && strcmp(all->items[i].kind, kind) == 0)
            return &all->items[i];
    return NULL;
}

char *
fact_text(const fact *f)
{
    return format("%s %s%s%s", f->kind, f->name, *f->value != '\0' ? " " : "", f->value);
}

/* The word at *p, which moves behind it. */
static char *
take_word(const char **p)
{
    size_t len = strcspn(*p, " \n");
    char *word = keep_text(*p, len);

    *p += len;
    *p += **p == ' ';
    return word;
}

facts
read_snapshot(const char *root)
{
    facts all = {0};
    const char *p = read_shared(root, snapshot_path);

    if (p == NULL)
        return all;
    all.exists = 1;
    for (int line = 1; *p != '\0'; line++) {
        unsigned major, minor, patch;
        char *version, *kind, *name, *value;

        if (*p != '#' && *p != '\n') {
            version = take_word(&p);
            kind = take_word(&p);
            name = take_word(&p);
            value = keep_text(p, strcspn(p, "\n"));
            if (sscanf(version, "%u.%u.%u", &major, &minor, &patch) != 3 || *kind == '\0' || *name == '\0')
                die_at(snapshot_path, line, "not a version, a kind and a name");
            add_fact(&all, (uint32_t)(major << 16 | minor << 8 | patch), kind, name, value);
            all.items[all.count - 1].line = line;
        }
        p += strcspn(p, "\n");
        p += *p == '\n';
    }
    return all;
}
