/* writes.c - what a peer that is told SQL writes: an event, and the five statements of a mail that goes out. */
#include "peer.h"

static void
new_id(char *text)
{
    hg_uuid made;

    hg_uuid_new(&made);
    hg_uuid_to_text(&made, text, HG_UUID_TEXT_SIZE, NULL);
}

void
peer_insert(void)
{
    char id[HG_UUID_TEXT_SIZE];
    const char *values[] = { id, peer_user, "job_view", "{\"job\": \"a1b2c3\", \"from\": \"search\"}", "visit 4711", "192.0.2.1",
                             "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0" };

    new_id(id);
    peer_write_row(PEER_EVENT, values);
}

void
peer_transaction(void)
{
    char mail[HG_UUID_TEXT_SIZE], step[HG_UUID_TEXT_SIZE], visit[HG_UUID_TEXT_SIZE], metric[HG_UUID_TEXT_SIZE];

    new_id(mail), new_id(step), new_id(visit), new_id(metric);
    peer_begin();
    peer_write_row(PEER_MAIL, (const char *[]){ mail, "application_update", "candidate@example.com", "Your application" });
    peer_write_row(PEER_SENT, (const char *[]){ "sent", "0102018f-a1b2c3", mail });
    peer_write_row(PEER_STEP, (const char *[]){ step, peer_application, "screening", "A first look" });
    peer_write_row(PEER_VISIT, (const char *[]){ visit, "application_update", "{\"from\": \"board\"}" });
    peer_write_row(PEER_METRIC, (const char *[]){ metric, "mails", "1" });
    peer_commit();
}
