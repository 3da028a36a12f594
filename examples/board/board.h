/* board.h - the board of one job: its cards as they were read, drawing them, moving one.
 *
 * The program itself is in ../hotgigs-board.c. */
#ifndef EXAMPLES_BOARD_H
#define EXAMPLES_BOARD_H

#include <hotgigs/hotgigs.h>

enum { COLUMNS = HG_APPLICATION_STATUS_WITHDRAWN, CARDS = 500 };

/* Column c holds the cards of status c + 1. The cards are borrowed from the list. */
typedef struct board {
    hg_conn                *conn;           /* borrowed; acts as the recruiter */
    hg_uuid                 job;
    char                    title[256];
    hg_pipeline_card_list  *list;
    const hg_pipeline_card *cards[COLUMNS][CARDS];
    size_t                  count[COLUMNS];
} board;

/* Reads the job and its cards, those that something happened to last first. A board that was read before is written
 * over; board_close() gives it back. */
hg_status board_read(board *b, hg_error *err);
void      board_close(board *b);

/* Draws it, so many columns of a terminal wide. chosen is drawn in reverse; NULL: none is. In colour or not. */
void board_draw(const board *b, int width, const hg_pipeline_card *chosen, int colour);

/* The card with this candidate's name; NULL: none, or more than one. */
const hg_pipeline_card *board_find(const board *b, const char *name);

/* Moves a card from where it was read. A hire and a rejection are steps of their own: what belongs to them comes along.
 * HG_E_STATE: no such move, or somebody has moved it meanwhile. */
hg_status board_move(board *b, const hg_pipeline_card *card, int32_t to, const char *note, hg_error *err);

/* Shows the board and moves cards by the keys, until q. */
hg_status board_play(board *b, hg_error *err);

#endif
