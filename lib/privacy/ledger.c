/* ledger.c - the file of erasures: a line and its fsync before each commit, and the file's text to replay.
 *
 * What is promised is an order: erased in a transaction, written, on the disk, committed. A crash may come between any two, and then
 * there is a line too many, never one too few. */
#include "hotgigs/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hotgigs/tx.h"
#include "memory/memory.h"
#include "value/value.h"

/* ---- The file ---------------------------------------------------------------------------------------------------------------- */

static int
fsync_whole(int fd)
{
    int failed;

    do
        failed = fsync(fd);
    while (failed != 0 && errno == EINTR);
    return failed;
}

/* A new file survives a crash once its folder is on the disk, too. */
static hg_status
fsync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t len = slash == NULL ? 1 : slash == path ? 1 : (size_t)(slash - path);
    hgi_buffer folder = { 0 };
    hg_status st = HG_E_NOMEM;
    int fd;

    hgi_buffer_add(&folder, slash == NULL ? "." : path, len);
    if (!folder.failed) {
        fd = open(folder.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        st = fd >= 0 && fsync_whole(fd) == 0 ? HG_OK : HG_E_INVALID;
        if (fd >= 0)
            close(fd);
    }
    hgi_buffer_free(&folder);
    return st;
}

/* For reading too: how the last line ends has to be seen. As long as there is no line, nobody knows whether the folder has been
 * on the disk since the file was made: it may have been made by a call that failed there. */
static hg_status
open_ledger(const char *path, int *fd, hg_error *err)
{
    struct stat file = { 0 };
    hg_status st = HG_OK;

    *fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (*fd >= 0 && fstat(*fd, &file) == 0 && S_ISREG(file.st_mode) && file.st_size == 0)
        st = fsync_folder(path);
    if (st == HG_E_NOMEM)
        return hgi_nomem(err);
    if (*fd < 0 || st != HG_OK)
        return hgi_fail(err, HG_E_INVALID, -1, "the ledger cannot be opened or made (errno %d)", errno);
    return HG_OK;
}

/* 1: the file is empty or ends with a line feed. 0: its last line was cut off. -1: it cannot be told. */
static int
ends_well(int fd)
{
    off_t size = lseek(fd, 0, SEEK_END);
    char last;

    if (size <= 0)
        return size == 0 ? 1 : -1;
    return pread(fd, &last, 1, size - 1) == 1 ? last == '\n' : -1;
}

/* In one piece, since several may write; a piece that the disk has no room for is what a crash leaves, too. */
static int
write_whole(int fd, const char *ptr, size_t len)
{
    ssize_t wrote;

    do
        wrote = write(fd, ptr, len);
    while (wrote < 0 && errno == EINTR);
    return wrote >= 0 && (size_t)wrote == len;
}

/* The lock keeps one from taking another's half line for one that was cut off. */
static hg_status
append_line(int fd, const hg_str *line, hg_error *err)
{
    hgi_buffer text = { 0 };
    hg_status st = HG_OK;
    int is_whole;

    while (flock(fd, LOCK_EX) != 0)
        if (errno != EINTR)
            return hgi_fail(err, HG_E_STATE, -1, "the ledger cannot be locked (errno %d): nobody was erased", errno);
    is_whole = ends_well(fd);
    if (is_whole == 0)
        hgi_buffer_add_text(&text, " torn\n");
    hgi_buffer_add(&text, line->ptr, line->len);
    hgi_buffer_add_byte(&text, '\n');
    if (text.failed)
        st = hgi_nomem(err);
    else if (is_whole < 0 || !write_whole(fd, text.ptr, text.len) || fsync_whole(fd) != 0)
        st = hgi_fail(err, HG_E_STATE, -1, "the ledger cannot be written (errno %d): nobody was erased", errno);
    flock(fd, LOCK_UN);
    hgi_buffer_free(&text);
    return st;
}

static hg_status
read_ledger(const char *path, hgi_buffer *text, hg_error *err)
{
    enum { PIECE = 65536 };
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : 1;

    while (got > 0) {
        char *room = hgi_buffer_room(text, PIECE);

        if (room == NULL)
            break;
        do
            got = read(fd, room, PIECE);
        while (got < 0 && errno == EINTR);
        text->len -= (size_t)(got < 0 ? PIECE : PIECE - got);
    }
    if (got < 0)
        hgi_fail(err, HG_E_INVALID, -1, "the ledger cannot be read (errno %d)", errno);
    else if (text->failed)
        hgi_nomem(err);
    if (fd >= 0)
        close(fd);
    return got < 0 ? HG_E_INVALID : text->failed ? HG_E_NOMEM : HG_OK;
}

/* ---- Public ------------------------------------------------------------------------------------------------------------------ */

static hg_status
check(const hg_conn *conn, const char *path, hg_error *err)
{
    if (conn == NULL || path == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, conn == NULL ? "conn is NULL" : "path is NULL");
    if (hg_tx_is_open(conn))
        return hgi_fail(err, HG_E_STATE, -1, "a transaction is open; this call is one of its own");
    return HG_OK;
}

hg_status
hg_ledger_erase(hg_conn *conn, const char *path, const hg_privacy_erase_params *params, const hg_privacy_erase_row **out,
                hg_error *err)
{
    const hg_privacy_erase_row *row = NULL;
    hg_status st = check(conn, path, err);
    int fd = -1;

    if (out != NULL)
        *out = NULL;
    if (st == HG_OK)
        st = open_ledger(path, &fd, err);
    if (st == HG_OK)
        st = hg_tx_begin(conn, NULL, err);
    if (st != HG_OK)
        goto out;
    st = hg_privacy_erase(conn, params, &row, err);
    if (st == HG_OK && !(row->null_mask & HG_BIT(HG_PRIVACY_ERASE_ROW_LEDGER)))
        st = append_line(fd, &row->ledger, err);
    if (st == HG_OK)
        st = hg_tx_commit(conn, err);
    else
        hg_tx_rollback(conn, NULL);
    if (st == HG_OK && out != NULL) {
        *out = row;
        row = NULL;
    }
out:
    hg_privacy_erase_row_free(row);
    if (fd >= 0)
        close(fd);
    return st;
}

hg_status
hg_ledger_replay(hg_conn *conn, const char *path, hg_timestamp since, hg_privacy_replay_list **out, hg_error *err)
{
    hg_privacy_replay_params params = { .struct_size = sizeof params, .since = since,
                                        .set = HG_BIT(HG_PRIVACY_REPLAY_LEDGER) | HG_BIT(HG_PRIVACY_REPLAY_SINCE) };
    hgi_buffer text = { 0 };
    hg_status st = HG_OK;

    if (out != NULL)
        *out = NULL;
    if (conn == NULL || path == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, conn == NULL ? "conn is NULL" : "path is NULL");
    hgi_buffer_add(&text, "", 0);
    st = read_ledger(path, &text, err);
    if (st == HG_OK) {
        params.ledger = (hg_str){ text.ptr, text.len };
        st = hg_privacy_replay(conn, &params, out, err);
    }
    hgi_buffer_free(&text);
    return st;
}
