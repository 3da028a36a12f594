/* views_scene.h - what the tests of the views look at, through the library as hotgigs_login.
 *
 * One scene: company X with an admin, a recruiter and a viewer, company Y with a recruiter, candidates Ada and Bob, the
 * freelancer Fritz. Ada applied to both companies and consents to Fritz, who referred both candidates to X; Bob applied
 * to X's private job only and consents to nobody. Things have labels. */
#ifndef TESTS_QUERY_VIEWS_SCENE_H
#define TESTS_QUERY_VIEWS_SCENE_H

#include "record/record.h"

enum { NOBODY, ADA, BOB, FRITZ, ADMIN_X, RECRUITER_X, VIEWER_X, RECRUITER_Y, PENDING_X, OUTSIDER, PEOPLE };

extern hg_uuid scene_people[PEOPLE];
extern struct thing { const char *label; hg_uuid id; } scene_things[64];
extern int scene_thing_count;

void scene_open(void);                               /* a fixture with the tenant's connection */
void scene_act_as(int who);
hg_uuid scene_id(const char *label);
const char *scene_text(const char *label);           /* the same as text */
int scene_is_in(const hgi_list *list, const hg_uuid *id);

#endif
