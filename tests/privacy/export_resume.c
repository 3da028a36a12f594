/* privacy/export_resume - the résumé in an export is valid by the public schema of JSON Resume 1.0.0, whatever the profile holds.
 *
 * resume-schema.json is that schema as it was published (MIT, resume-schema.LICENSE). The validator knows what of JSON Schema
 * it uses, and fails on a word that it does not know. */
#include "privacy/exported.h"
#include "suites.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The validator --------------------------------------------------------------------------------------------------- */

static char problem[300];
static const cJSON *schema_root;

static int
complain(const char *path, const char *what)
{
    snprintf(problem, sizeof problem, "%s %s", *path ? path : "the document", what);
    return 0;
}

static int
matches(const char *text, const char *pattern)
{
    regex_t regex;
    int is_match;

    ck_assert_msg(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) == 0, "the pattern %s is not understood", pattern);
    is_match = regexec(&regex, text, 0, NULL, 0) == 0;
    regfree(&regex);
    return is_match;
}

static int
is_type(const cJSON *value, const char *type)
{
    return (strcmp(type, "string") == 0 && cJSON_IsString(value)) || (strcmp(type, "object") == 0 && cJSON_IsObject(value))
        || (strcmp(type, "array") == 0 && cJSON_IsArray(value)) || (strcmp(type, "number") == 0 && cJSON_IsNumber(value))
        || (strcmp(type, "boolean") == 0 && cJSON_IsBool(value));
}

static int
is_format(const char *text, const char *format)
{
    return strcmp(format, "uri") == 0     ? matches(text, "^[A-Za-z][A-Za-z0-9+.-]*:[]A-Za-z0-9._~:/?#[@!$&'()*+,;=%-]+$")
           : strcmp(format, "email") == 0 ? matches(text, "^[!-?A-~]+@[A-Za-z0-9.-]+$")
           : strcmp(format, "date") == 0  ? matches(text, "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
                                          : 0;
}

/* additionalItems says nothing beside an items that is no list. */
static const char known[] =
    " type pattern format description properties additionalProperties items additionalItems $schema definitions title ";

static int
is_valid(const cJSON *value, const cJSON *schema, const char *path)
{
    const cJSON *word, *member, *properties = cJSON_GetObjectItem(schema, "properties");
    const char *ref = cJSON_GetStringValue(cJSON_GetObjectItem(schema, "$ref"));
    char inner[200];

    if (ref != NULL) {
        ck_assert_msg(strncmp(ref, "#/definitions/", 14) == 0, "the reference %s is not understood", ref);
        return is_valid(value, cJSON_GetObjectItem(cJSON_GetObjectItem(schema_root, "definitions"), ref + 14), path);
    }
    cJSON_ArrayForEach(word, schema) {
        const char *name = word->string;

        if (strcmp(name, "type") == 0 && !is_type(value, word->valuestring))
            return complain(path, "is of another type");
        if (strcmp(name, "pattern") == 0 && !matches(value->valuestring, word->valuestring))
            return complain(path, "does not match its pattern");
        if (strcmp(name, "format") == 0 && !is_format(value->valuestring, word->valuestring))
            return complain(path, "is not of its format");
        ck_assert_msg(strstr(known, name) != NULL, "the schema has %s, which this validator does not know", name);
    }
    if (cJSON_IsArray(value))
        cJSON_ArrayForEach(member, value) {
            snprintf(inner, sizeof inner, "%s[]", path);
            if (!is_valid(member, cJSON_GetObjectItem(schema, "items"), inner))
                return 0;
        }
    if (cJSON_IsObject(value))
        cJSON_ArrayForEach(member, value) {
            const cJSON *of = cJSON_GetObjectItemCaseSensitive(properties, member->string);

            snprintf(inner, sizeof inner, "%s.%s", path, member->string);
            if (of == NULL && cJSON_IsFalse(cJSON_GetObjectItem(schema, "additionalProperties")))
                return complain(inner, "is not in the schema");
            if (of != NULL && !is_valid(member, of, inner))
                return 0;
        }
    return 1;
}

static cJSON *
read_schema(void)
{
    static char text[32768];
    FILE *file = fopen("tests/privacy/resume-schema.json", "r");
    size_t len;

    ck_assert_msg(file != NULL, "tests/privacy/resume-schema.json is not there");
    len = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[len] = '\0';
    return cJSON_Parse(text);
}

/* Of a text, for the validator's own test. */
static int
is_resume(const char *text)
{
    cJSON *schema = read_schema(), *resume = cJSON_Parse(text);
    int valid;

    ck_assert_msg(schema != NULL && resume != NULL, "no JSON: %s", text);
    schema_root = schema;
    valid = is_valid(resume, schema, "");
    cJSON_Delete(schema);
    cJSON_Delete(resume);
    return valid;
}

static const struct { const char *text; int valid; } samples[] = {
    { "{}", 1 },
    { "{\"basics\": {\"name\": \"A\", \"email\": \"a@example.com\", \"own\": 1}}", 1 },
    { "{\"basics\": {\"name\": 1}}", 0 },
    { "{\"basics\": {\"email\": \"nowhere\"}}", 0 },
    { "{\"basics\": {\"url\": \"example.com\"}}", 0 },
    { "{\"own\": 1}", 0 },
    { "{\"work\": {}}", 0 },
    { "{\"work\": [{\"startDate\": \"2020-01\"}]}", 1 },
    { "{\"work\": [{\"startDate\": \"infinity\"}]}", 0 },
    { "{\"work\": [{\"highlights\": [\"a\", null]}]}", 0 },
};

START_TEST(the_validator_tells_right_from_wrong)
{
    ck_assert_msg(is_resume(samples[_i].text) == samples[_i].valid, "%s is taken for %s", samples[_i].text,
                  samples[_i].valid ? "wrong" : "right");
}
END_TEST

/* ---- Profiles ---------------------------------------------------------------------------------------------------------- */

static const struct { const char *name, *sql, *has; } profiles[] = {
    { "nothing but the row", "", "\"basics\"" },
    { "no name", "UPDATE users SET first_name = NULL, last_name = '', email = id || '@example.com' WHERE id = '%s'", "\"email\"" },
    { "a name in another script", "UPDATE users SET first_name = '明', last_name = 'Ωß😀' WHERE id = '%s'", "明 Ωß😀" },
    { "an address outside of ASCII", "UPDATE users SET email = 'jörg' || id || '@exämple.com' WHERE id = '%s'", "\"work\"" },
    { "an address that is none", "UPDATE users SET email = 'at home ' || id WHERE id = '%s'", "\"work\"" },
    { "pages without a scheme",
      "UPDATE candidate_profiles SET portfolio_url = 'example.com/me' WHERE user_id = '%s'", "\"work\"" },
    { "pages", "INSERT INTO user_profiles (user_id, github_url, linkedin_url, website_url) VALUES"
      " ('%s', 'https://github.com/x', 'not one', 'https://example.com/a?b=%20c#d')", "https://github.com/x" },
    { "work", "INSERT INTO candidate_experiences (candidate_id, company_name, job_title, start_date, end_date, achievements) SELECT"
      " id, 'Søn', 'Developer', '2019-02-28', '2021-03-01', ARRAY['one', NULL, ''] FROM candidate_profiles WHERE user_id = '%s'",
      "\"startDate\": \"2019-02-28\"" },
    { "work of other eras", "INSERT INTO candidate_experiences (candidate_id, company_name, job_title, start_date, end_date) SELECT"
      " id, 'c', 't', '0044-03-15 BC', 'infinity' FROM candidate_profiles WHERE user_id = '%s'", "\"position\": \"t\"" },
    { "education", "INSERT INTO candidate_education (candidate_id, institution_name, degree, gpa) SELECT"
      " id, 'ETH', 'MSc', 3.10 FROM candidate_profiles WHERE user_id = '%s'", "\"score\": \"3.10\"" },
    { "skills in both spellings", "UPDATE candidate_profiles SET skills ="
      " '[\"C\", {\"name\": \"SQL\", \"level\": 5}, {\"level\": \"x\"}, 7, null, []]' WHERE user_id = '%s'", "\"level\": \"5\"" },
    { "skills that are no list", "UPDATE candidate_profiles SET skills = '{\"a\": 1}' WHERE user_id = '%s'", "\"skills\": []" },
    { "languages", "UPDATE candidate_profiles SET languages ="
      " '[\"fr\", {\"language\": \"de\", \"level\": \"C1\"}, {\"name\": \"zh\"}, {}]' WHERE user_id = '%s'", "\"fluency\": \"C1\"" },
};

START_TEST(the_resume_is_valid)
{
    hg_uuid id = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    cJSON *tree;
    char *resume;
    document d;
    int valid;

    sql_do("INSERT INTO candidate_profiles (user_id) VALUES ('%s')", uuid_text(&id));
    if (*profiles[_i].sql != '\0') {
        char sql[600];
        const char *at = strstr(profiles[_i].sql, "%s");

        snprintf(sql, sizeof sql, "%.*s%s%s", (int)(at - profiles[_i].sql), profiles[_i].sql, uuid_text(&id), at + 2);
        sql_do("%s", sql);
    }
    d = document_read(service, &id, _i & 1 ? HG_EXPORT_ACCESS : HG_EXPORT_PORTABLE);
    tree = document_tree(&d);
    resume = cJSON_PrintUnformatted(cJSON_GetObjectItem(tree, "resume"));
    valid = is_resume(resume);
    cJSON_free(resume);
    cJSON_Delete(tree);
    ck_assert_msg(valid, "%s: %s", profiles[_i].name, problem);
    ck_assert_msg(strstr(strstr(d.text, "\"resume\""), profiles[_i].has) != NULL, "%s: %s is not in %s", profiles[_i].name,
                  profiles[_i].has, strstr(d.text, "\"resume\""));
}
END_TEST

START_TEST(who_has_no_profile_has_no_resume)
{
    hg_uuid id = fixture_user(HG_USER_USER_TYPE_COMPANY);
    document d = document_read(service, &id, HG_EXPORT_ACCESS);

    ck_assert_ptr_nonnull(strstr(d.text, "\"resume\":null}"));
}
END_TEST

Suite *
suite_privacy_export_resume(void)
{
    Suite *s = suite_create("privacy/export_resume");
    TCase *t = tcase_create("validator");

    tcase_add_loop_test(t, the_validator_tells_right_from_wrong, 0, (int)(sizeof samples / sizeof *samples));
    suite_add_tcase(s, t);
    t = tcase_create("resume");
    tcase_add_checked_fixture(t, fixture_open, fixture_close);
    tcase_add_loop_test(t, the_resume_is_valid, 0, (int)(sizeof profiles / sizeof *profiles));
    tcase_add_test(t, who_has_no_profile_has_no_resume);
    suite_add_tcase(s, t);
    return s;
}
