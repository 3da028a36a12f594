/* files.c - reading files, and output that is all or nothing.
 *
 * Outputs are texts in memory until every step has passed. Then those that differ from the disk are written under a
 * temporary name beside their place, and renamed when all of them are written. A file whose content is the same is not
 * touched, so that make rebuilds nothing for it. */
#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gen/gen.h"

static struct { const char *path; text content; } outputs[256];
static size_t output_count;

char *
read_file(const char *path, size_t *len)
{
    FILE *f = fopen(path, "rb");
    text t = {0};
    char block[4096];
    size_t got;

    if (f == NULL) {
        if (errno == ENOENT)
            return NULL;
        die("%s: %s", path, strerror(errno));
    }
    add(&t, "");
    while ((got = fread(block, 1, sizeof block, f)) > 0)
        add_bytes(&t, block, got);
    if (ferror(f))
        die("%s: cannot be read", path);
    fclose(f);
    if (len != NULL)
        *len = t.len;
    return t.ptr;
}

char *
read_shared(const char *root, const char *path)
{
    const char *name = strrchr(path, '/');
    char *content = read_file(format("%s/%s", root, path), NULL);

    return content != NULL || name == NULL ? content : read_file(format("%s%s", root, name), NULL);
}

static int
by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char **
list_folder(const char *path, const char *ending, size_t *count)
{
    DIR *dir = opendir(path);
    const char **names = NULL;
    struct dirent *entry;

    *count = 0;
    if (dir == NULL)
        return NULL;
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.' || !ends_with(entry->d_name, ending))
            continue;
        names = MORE(names, *count);
        names[(*count)++] = keep_text(entry->d_name, strlen(entry->d_name));
    }
    closedir(dir);
    if (*count > 0)
        qsort(names, *count, sizeof *names, by_name);
    return names;
}

text *
output(const char *path)
{
    if (output_count == sizeof outputs / sizeof *outputs)
        die("more than %zu outputs", output_count);
    outputs[output_count].path = path;
    return &outputs[output_count++].content;
}

const char *
output_text(const char *path)
{
    for (size_t i = 0; i < output_count; i++)
        if (strcmp(outputs[i].path, path) == 0)
            return outputs[i].content.ptr;
    return NULL;
}

static int
is_unchanged(const char *root, size_t i)
{
    size_t len;
    const char *old = read_file(format("%s/%s", root, outputs[i].path), &len);

    return old != NULL && len == outputs[i].content.len && memcmp(old, outputs[i].content.ptr, len) == 0;
}

int
output_check(const char *root)
{
    int differ = 0;

    for (size_t i = 0; i < output_count; i++) {
        if (is_unchanged(root, i))
            continue;
        fprintf(stderr, "%s: differs from what make generate would write\n", outputs[i].path);
        differ = 1;
    }
    return differ;
}

static void
make_folders(const char *path)
{
    char *folder = keep_text(path, strlen(path));

    for (char *p = strchr(folder + 1, '/'); p != NULL; p = strchr(p + 1, '/')) {
        *p = '\0';
        if (mkdir(folder, 0777) != 0 && errno != EEXIST)
            die("%s: %s", folder, strerror(errno));
        *p = '/';
    }
}

static const char *
temporary(const char *root, size_t i)
{
    return format("%s/%s.new", root, outputs[i].path);
}

/* What was written so far goes away again. */
_Noreturn static void
give_up(const char *root, size_t written, const char *path)
{
    int why = errno;

    for (size_t i = 0; i < written; i++)
        unlink(temporary(root, i));
    die("%s: %s", path, strerror(why));
}

void
output_finish(const char *root)
{
    int *differs = keep((output_count + 1) * sizeof *differs);

    for (size_t i = 0; i < output_count; i++) {
        const char *path = temporary(root, i);
        FILE *f;

        differs[i] = !is_unchanged(root, i);
        if (!differs[i])
            continue;
        make_folders(path);
        f = fopen(path, "wb");
        if (f == NULL)
            give_up(root, i, path);
        if (fwrite(outputs[i].content.ptr, 1, outputs[i].content.len, f) != outputs[i].content.len) {
            fclose(f);
            give_up(root, i + 1, path);
        }
        if (fclose(f) != 0)
            give_up(root, i + 1, path);
    }
    for (size_t i = 0; i < output_count; i++)
        if (differs[i] && rename(temporary(root, i), format("%s/%s", root, outputs[i].path)) != 0)
            give_up(root, output_count, outputs[i].path);
}
