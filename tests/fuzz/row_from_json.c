/* row_from_json.c - fuzzes rows from JSON.
 *
 * What is taken prints again, and what is printed reads back to the same text: one row after the
 * other, and all of them as an array. What is refused leaves no draft and a message that is UTF-8. */
#include "require.h"

#include "unit/record/fixture.h"

/* A row that was read from JSON has no loaded_mask; with it, it prints what it sets. */
static hg_text *
print(const parcel *row, uint64_t set)
{
    parcel loaded = *row;
    hg_text *text = NULL;
    hg_error err;
    hg_status st;

    loaded.loaded_mask = set;
    st = hgi_row_to_json(&parcels, &loaded, &text, &err);
    REQUIRE(st == HG_OK && text != NULL);
    return text;
}

static const parcel *
rows_of(const hg_draft *draft, size_t *count, uint64_t *set)
{
    size_t stride;
    const parcel *rows = hgi_draft_rows(&parcels, draft, count, &stride, set);

    REQUIRE(rows != NULL && *count > 0 && stride == sizeof(parcel));
    return rows;
}

static void
come_back(const hg_text *text, const parcel *row, uint64_t set)
{
    hg_draft *draft = NULL;
    const parcel *back;
    hg_text *again;
    uint64_t set_again;
    size_t count;

    REQUIRE(hgi_row_from_json(&parcels, hg_text_ptr(text), hg_text_len(text), &draft, NULL) == HG_OK);
    back = rows_of(draft, &count, &set_again);
    REQUIRE(count == 1 && set_again == set && row_difference(&parcels, row, back) == NULL);
    again = print(back, set);
    REQUIRE(hg_text_len(again) == hg_text_len(text));
    REQUIRE(memcmp(hg_text_ptr(again), hg_text_ptr(text), hg_text_len(text)) == 0);
    hg_text_free(again);
    hg_draft_free(draft);
}

static void
check_rows(const hg_draft *draft)
{
    hgi_buffer all = { 0 };
    hg_draft *back = NULL;
    uint64_t set, set_again;
    size_t count, count_again;
    const parcel *rows = rows_of(draft, &count, &set);

    hgi_buffer_add_byte(&all, '[');
    for (size_t i = 0; i < count; i++) {
        hg_text *text = print(&rows[i], set);
        hg_text *own = NULL;

        come_back(text, &rows[i], set);
        if (i > 0)
            hgi_buffer_add_byte(&all, ',');
        hgi_buffer_add(&all, hg_text_ptr(text), hg_text_len(text));
        hg_text_free(text);
        REQUIRE(hgi_row_to_json(&parcels, &rows[i], &own, NULL) == HG_OK);   /* as a caller's own row */
        hg_text_free(own);
    }
    hgi_buffer_add_byte(&all, ']');
    REQUIRE(!all.failed && hgi_row_from_json(&parcels, all.ptr, all.len, &back, NULL) == HG_OK);
    rows_of(back, &count_again, &set_again);
    REQUIRE(count_again == count && set_again == set);
    hg_draft_free(back);
    hgi_buffer_free(&all);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hg_draft *draft = NULL;
    hg_error err = { .message = "" };
    hg_status st = hgi_row_from_json(&parcels, (const char *)data, size, &draft, &err);

    REQUIRE(st == err.status && (st == HG_OK) == (draft != NULL));
    if (st == HG_OK)
        check_rows(draft);
    else
        REQUIRE(st == HG_E_INVALID && hgi_text_check(err.message, strlen(err.message), NULL) == NULL);
    hg_draft_free(draft);
    return 0;
}
