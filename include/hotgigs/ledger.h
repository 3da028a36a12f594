/* hotgigs/ledger.h - the ledger of erasures: a file outside the database that says who was erased, so that nobody comes back with
 * a restore.
 *
 * A line a person, only ever added:
 *
 *     2026-01-31T10:37:10Z 01920000-7000-7000-8000-000000000001 tombstone
 *
 * the time in UTC, his id of users, and tombstone or delete; nothing else about him. Keep copies of it where the backups are.
 * Several programs and threads may write to one file. After any restore, before the service opens again:
 *
 *     hg_ledger_replay(conn, "/var/lib/hotgigs/erased", restored_to_less_an_hour, &replayed, &err);
 *
 * What holds for hg_privacy_erase() and hg_privacy_replay() (hotgigs/operations/privacy.h) holds for these two. */
#ifndef HOTGIGS_LEDGER_H
#define HOTGIGS_LEDGER_H

#include "hotgigs/conn.h"
#include "hotgigs/operations/privacy.h"
#include "hotgigs/detail/begin.h"

/* hg_privacy_erase() in a transaction of its own, whose line is in the ledger, and on the disk, before it commits: no erasure is
 * without its line, whatever is killed when. The other way round a line may be without its erasure, if the connection is lost
 * between the two: then the call has failed and is to be repeated, and until that is done a replay erases whoever asked to be
 * erased. Two lines for one person are no harm. Three round trips, and the disk's time.
 *
 * path          the file, NUL-ended; it is made if it is not there, for its owner alone to read. If its last line was cut off
 *               by a crash, that line is ended with " torn" first. A dry run opens it too, and writes nothing
 * out           the report, yours: hg_privacy_erase_row_free(). May be NULL
 * HG_E_INVALID  the file cannot be opened or made; nothing was sent
 * HG_E_STATE    the line could not be written: nobody was erased; or a transaction is open; or he is the last admin of a company
 * HG_E_HELD     a legal hold keeps his data
 * HG_E_IN_DOUBT the reply to COMMIT was lost: the line is there, and he may be erased. Repeat it */
hg_status hg_ledger_erase(hg_conn *conn, const char *path, const hg_privacy_erase_params *params,
                          const hg_privacy_erase_row **out, hg_error *err);

/* hg_privacy_replay() of the file, in one transaction: erases again whom a restore has brought back, and passes over the others,
 * so that it may be repeated. The file is read as a whole, about 70 bytes an erasure; the server takes up to a gigabyte.
 *
 * since         lines before this are passed over: the time that was restored to, less what clocks may differ. INT64_MIN: none is
 * out           yours: hg_privacy_replay_list_free(). May be NULL
 * HG_E_INVALID  the file cannot be read; or a line is none, whose number the message has. Nobody was erased
 * HG_E_HELD, HG_E_STATE  as above, of one of them; nobody was erased */
hg_status hg_ledger_replay(hg_conn *conn, const char *path, hg_timestamp since, hg_privacy_replay_list **out, hg_error *err);

#include "hotgigs/detail/end.h"
#endif
