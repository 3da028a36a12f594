/* board.c - reading, drawing and moving. */
#include "board.h"

#include <stdio.h>
#include <string.h>

#include "../terminal/text.h"

/* ---- Reading --------------------------------------------------------------------------------- */

static hg_status
read_job(board *b, hg_error *err)
{
    const hg_job *job = NULL;
    hg_status st = hg_job_get(b->conn, &b->job, &job, err);

    if (st == HG_OK)
        snprintf(b->title, sizeof b->title, "%s", job->title.ptr);
    hg_job_free(job);
    return st;
}

static hg_status
read_cards(board *b, hg_error *err)
{
    hg_query *query = hg_query_new(HG_VIEW_PIPELINE_CARDS);
    hg_status st = hg_query_where_uuid(query, HG_PIPELINE_CARD_JOB_ID, HG_OP_EQ, &b->job, err);

    if (st == HG_OK)
        st = hg_query_order(query, HG_PIPELINE_CARD_LAST_ACTIVITY_AT, HG_DESCENDING, HG_NULLS_LAST, err);
    if (st == HG_OK)
        st = hg_query_limit(query, CARDS, err);
    if (st == HG_OK)
        st = hg_pipeline_card_find(b->conn, query, &b->list, err);
    hg_query_free(query);
    return st;
}

hg_status
board_read(board *b, hg_error *err)
{
    hg_status st;

    board_close(b);
    st = read_job(b, err);
    if (st == HG_OK)
        st = read_cards(b, err);
    for (size_t i = 0; i < hg_pipeline_card_list_count(b->list); i++) {
        const hg_pipeline_card *card = hg_pipeline_card_list_at(b->list, i);

        if (card->status >= 1 && card->status <= COLUMNS)
            b->cards[card->status - 1][b->count[card->status - 1]++] = card;
    }
    return st;
}

void
board_close(board *b)
{
    hg_pipeline_card_list_free(b->list);
    b->list = NULL;
    memset(b->count, 0, sizeof b->count);
}

static void
name_of(const hg_pipeline_card *card, char *name, size_t size)
{
    const hg_str *first = &card->candidate_first_name, *last = &card->candidate_last_name;

    snprintf(name, size, "%.*s%s%.*s", (int)first->len, first->len > 0 ? first->ptr : "", first->len > 0 && last->len > 0 ? " " : "",
             (int)last->len, last->len > 0 ? last->ptr : "");
}

const hg_pipeline_card *
board_find(const board *b, const char *name)
{
    const hg_pipeline_card *found = NULL;
    char its[256];

    for (size_t i = 0; i < hg_pipeline_card_list_count(b->list); i++) {
        const hg_pipeline_card *card = hg_pipeline_card_list_at(b->list, i);

        name_of(card, its, sizeof its);
        if (strcmp(its, name) != 0)
            continue;
        if (found != NULL)
            return NULL;
        found = card;
    }
    return found;
}

/* ---- Drawing --------------------------------------------------------------------------------- */

/* What is known of the candidate, in the second line of a card: the interviews' rating, or else the model's score. */
static void
marks_of(const hg_pipeline_card *card, char *text, size_t size)
{
    char number[32] = "";
    int rated = !(card->null_mask & HG_BIT(HG_PIPELINE_CARD_RATING));

    text[0] = '\0';
    if (rated || !(card->null_mask & HG_BIT(HG_PIPELINE_CARD_AI_MATCH_SCORE)))
        hg_decimal_to_text(rated ? &card->rating : &card->ai_match_score, number, sizeof number, NULL);
    if (!(card->null_mask & HG_BIT(HG_PIPELINE_CARD_NEXT_INTERVIEW_AT)))
        snprintf(text, size, "  interview ahead");
    else if (number[0] != '\0')
        snprintf(text, size, "  %s %s", rated ? "rated" : "score", number);
}

/* One line of all columns: names or marks of the cards of that row. Spaces are written when something follows them. */
static void
draw_line(const board *b, size_t row, void (*text_of)(const hg_pipeline_card *, char *, size_t), int width,
          const hg_pipeline_card *chosen)
{
    char text[256];
    int spaces = 0, is_empty = 1;

    for (int c = 0; c < COLUMNS; c++, spaces += width) {
        const hg_pipeline_card *card = row < b->count[c] ? b->cards[c][row] : NULL;

        if (card != NULL)
            text_of(card, text, sizeof text);
        if (card == NULL || text[0] == '\0')
            continue;
        printf("%*s%s", spaces, "", card == chosen ? "\033[7m" : "");
        spaces = text_put(text, strlen(text), width - 1) + 1 - width;
        fputs(card == chosen ? "\033[0m" : "", stdout);
        is_empty = 0;
    }
    if (!is_empty || text_of == name_of)
        printf("\n");
}

void
board_draw(const board *b, int width, const hg_pipeline_card *chosen, int colour)
{
    size_t rows = 0;
    char head[64];
    int each = width / COLUMNS > 8 ? width / COLUMNS : 8, spaces = 0;

    printf("%s", colour ? "\033[1m" : "");
    text_put(b->title, strlen(b->title), width);
    printf("%s\n\n", colour ? "\033[0m" : "");
    for (int c = 0; c < COLUMNS; c++) {
        snprintf(head, sizeof head, "%s %zu", hg_application_status_name(c + 1), b->count[c]);
        printf("%*s%s", spaces, "", colour ? "\033[36m" : "");
        spaces = text_put(head, strlen(head), each - 1) + 1;
        printf("%s", colour ? "\033[0m" : "");
        rows = b->count[c] > rows ? b->count[c] : rows;
    }
    printf("\n");
    for (int i = 0; i < each * COLUMNS - 1; i++)
        putchar((i + 1) % each == 0 ? ' ' : '-');
    printf("\n");
    for (size_t row = 0; row < rows; row++) {
        draw_line(b, row, name_of, each, chosen);
        draw_line(b, row, marks_of, each, chosen);
    }
}

/* ---- Moving ---------------------------------------------------------------------------------- */

static hg_status
hire(board *b, const hg_pipeline_card *card, hg_error *err)
{
    hg_application_hire_params params = { .struct_size = sizeof params, .set = HG_BIT(HG_APPLICATION_HIRE_APPLICATION_ID),
                                          .application_id = card->id };

    return hg_application_hire(b->conn, &params, NULL, err);
}

/* note is the company's own; the candidate is told nothing but that. */
static hg_status
reject(board *b, const hg_pipeline_card *card, hg_str note, hg_error *err)
{
    hg_application_reject_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_APPLICATION_REJECT_APPLICATION_ID) | HG_BIT(HG_APPLICATION_REJECT_REASON),
        .application_id = card->id, .reason = note,
    };

    return hg_application_reject(b->conn, &params, NULL, err);
}

hg_status
board_move(board *b, const hg_pipeline_card *card, int32_t to, const char *note, hg_error *err)
{
    hg_str text = { note, strlen(note) };
    hg_application_set_status_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_APPLICATION_SET_STATUS_APPLICATION_ID) | HG_BIT(HG_APPLICATION_SET_STATUS_FROM_STATUS) |
               HG_BIT(HG_APPLICATION_SET_STATUS_TO_STATUS) | HG_BIT(HG_APPLICATION_SET_STATUS_NOTE),
        .application_id = card->id, .from_status = card->status, .to_status = to, .note = text,
    };

    if (to == HG_APPLICATION_STATUS_HIRED)
        return hire(b, card, err);
    if (to == HG_APPLICATION_STATUS_REJECTED)
        return reject(b, card, text, err);
    return hg_application_set_status(b->conn, &params, NULL, err);
}
