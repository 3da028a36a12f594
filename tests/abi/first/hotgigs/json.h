/* hotgigs/json.h - a JSON column as cJSON's tree. Opt-in: the one header that needs cJSON.
 *
 * cJSON keeps every number as a double, so 9007199254740993 loses its last digit: take such numbers from the text,
 * which is exact. */
#ifndef HOTGIGS_JSON_H
#define HOTGIGS_JSON_H

#include <cjson/cJSON.h>

#include "hotgigs/core.h"
#include "hotgigs/detail/begin.h"

/* Parses all of json, nothing trailing. out: the tree, yours: cJSON_Delete(). HG_E_INVALID: not JSON, nested deeper
 * than 128, or a text in it holds \u0000, at which cJSON would cut it. HG_E_NOMEM. Any thread. */
hg_status hg_json_tree(const hg_json *json, cJSON **out, hg_error *err);

#include "hotgigs/detail/end.h"
#endif
