/* hotgigs/privacy.h - what a person may ask for: all that is held about him, as one document.
 *
 * Which rows are his, which columns he is shown and which of them are masked is said in sql/privacy/columns.txt, and nowhere
 * in the library: a new column is in the document as soon as it has its line there.
 *
 *     {"schema":"hotgigs-export",
 *     "version":1,
 *     "user_id":"01920000-...",
 *     "scope":"access",
 *     "generated_at":"2026-01-31T10:37:10.000000Z",
 *     "tables":{"users":[{"id":"01920000-...", ...}],
 *     "applications":[], ...},
 *     "disclosures":[{"read_at":"...","action":"resume.download","table":"documents","id":"01920000-...","by":"hotgigs_company"}],
 *     "resume":{ ... }}
 *
 * scope is access or portability. UTF-8 without a byte order mark, a row a line. Times are UTC as in RFC 3339 (a time of another
 * era, or none, in PostgreSQL's own form), dates are YYYY-MM-DD, decimals are strings with all their digits, a JSON column stands
 * as it is. "(masked)" is where there is something that is of other people. disclosures, in the export of everything, are the
 * newest thousand reads of his rows by others that the audit trail has. resume is the profile in the form of JSON Resume, schema
 * 1.0.0, or null.
 * Members may be added to a version; a reader passes over those that it does not know.
 *
 * hotgigs/operations/privacy.h has the rest: hg_privacy_erase, hg_privacy_hold, hg_privacy_replay, hg_retention_run; and
 * hg_privacy_export, which gives the same document in one piece, for a person with few rows.
 *
 * Threads  one connection, one thread at a time, any in turn, and its export with it */
#ifndef HOTGIGS_PRIVACY_H
#define HOTGIGS_PRIVACY_H

#include "hotgigs/conn.h"
#include "hotgigs/detail/begin.h"

/* What goes into the document. */
enum {
    HG_EXPORT_ACCESS = 0,       /* all about him, what was inferred included (GDPR article 15) */
    HG_EXPORT_PORTABLE = 1      /* what he provided (article 20): what hg_privacy_import() takes */
};

/* Size of a document's sum. */
enum {
    HG_EXPORT_SHA256_SIZE = 32  /* bytes */
};

/* A document on its way. Opaque; close with hg_privacy_export_close(). Under its connection's rule of one thread at a time. */
typedef struct hg_export hg_export;

/* Begins the export of one user. The document is of one snapshot, and is read piece by piece in bounded memory, however long
 * it is: a piece is about 32 KiB, or one row if that is longer. Until the server's last row is read, or it is closed, the
 * connection is the export's, and every other call on it is HG_E_STATE. The deadline of the connection is that of the whole export.
 *
 * The export is on record (action gdpr.export of the audit trail) before the first row is read, and stays so if it is closed
 * early: that takes a trip and a transaction of its own, so that none may be open. Two round trips.
 *
 * scope           HG_EXPORT_*
 * out             yours: hg_privacy_export_close()
 * HG_E_NOT_FOUND  no such user; or another than the caller, who is not the service
 * HG_E_DENIED     a visitor has nothing to ask for
 * HG_E_STATE      a transaction is open, or another cursor or batch
 * HG_E_IN_DOUBT   the reply was lost: an entry of the trail may say so, but nothing was read */
hg_status hg_privacy_export_open(hg_conn *conn, const hg_uuid *user_id, int32_t scope, hg_export **out, hg_error *err);

/* The next piece of the document, cut anywhere: write the pieces one behind the other. No round trip.
 *
 * ptr, len    borrowed until the next call on the export; NULL and 0 with success at the end, when the server has confirmed
 *             that all of it was of one snapshot, and the document is whole
 * HG_E_STATE  an earlier piece could not be read, or the connection has been closed
 * What failed is over: what was read of it is no document. */
hg_status hg_privacy_export_next(hg_export *export_, const char **ptr, size_t *len, hg_error *err);

/* The SHA-256 of all pieces, once hg_privacy_export_next() has said that there are no more. No round trip.
 *
 * sha256      room for HG_EXPORT_SHA256_SIZE bytes, yours
 * HG_E_STATE  the document has not been read to its end */
hg_status hg_privacy_export_sha256(const hg_export *export_, uint8_t *sha256, hg_error *err);

/* Closes it, read to its end or not; the connection is free again. NULL is allowed. The connection's thread. */
void hg_privacy_export_close(hg_export *export_);

/* Writes the rows of a portable document: those that its person provided, with their ids and times, as they were when it was
 * exported. For one who comes back after he was erased, or moves between two databases. What the document does not have (his
 * password, tokens, scores, memberships) is not there afterwards, or has its default. All rows are written or none, in the
 * open transaction or in one of its own; a round trip a table.
 *
 * The document says who he is, whether his address was verified and how his applications stand: so it is the service's to
 * import, and its sum has to be the one that the exporting side vouches for, never one that came with the document.
 *
 * ptr, len         the document
 * sha256           HG_EXPORT_SHA256_SIZE bytes, of hg_privacy_export_sha256()
 * rows             how many were written; may be NULL
 * HG_E_INVALID     another sum; no document of this version; not of HG_EXPORT_PORTABLE; or a value that its column does not take
 * HG_E_CONFLICT    a row is there already: he was not erased, or only emptied (a tombstone)
 * HG_E_CONSTRAINT  what a row refers to is not there, such as a job that he applied to
 * HG_E_DENIED      not the service
 * After a failure within the caller's transaction that is to be rolled back. */
hg_status hg_privacy_import(hg_conn *conn, const char *ptr, size_t len, const uint8_t *sha256, int64_t *rows, hg_error *err);

#include "hotgigs/detail/end.h"
#endif
