/* kept.h - connections that outlive the tests.
 *
 * Check forks for each test, and a connection of its own costs a test a server process that reads the catalogue anew: most
 * of what tests cost, once. So the process that forks opens one of each login, kept_open(); a test takes it as if it had
 * just been opened; its end closes the test's copy without a word to the server. A test that ends the server's process, or
 * fails with a transaction open, costs those after it a connection each and nothing else. */
#ifndef TESTS_KEPT_H
#define TESTS_KEPT_H

#include <libpq-fe.h>

#include "hotgigs/hotgigs.h"

/* In the process that forks, before the first test and after the last one; the DSNs are those of the environment. */
void kept_open(void);
void kept_close(void);

/* In a test: the connection of "SERVICE", "LOGIN" or "ADMIN", or NULL where it cannot be had. */
hg_conn *kept_take(const char *login);
PGconn  *kept_take_admin(void);

/* From now on, until it is said with 0: a connection of the library's that is closed is kept for the next one that it opens in this
 * process, as if that had just been opened. All must be of one login. For tests that open hundreds. */
void kept_reuse(int whether);

/* Close a connection, whether it was taken here or not; then those that the test did not take. */
void kept_done(hg_conn *conn);
void kept_done_admin(PGconn *pg);
void kept_forget(void);

#endif
