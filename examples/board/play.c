/* play.c - the board by the keys: a terminal in raw mode, and the cursor on a card. */
#include "board.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum { LEFT = 256, RIGHT, UP, DOWN };

/* One key; an arrow comes as ESC [ A to D. Without one more, q. */
static int
read_key(void)
{
    unsigned char c, more[2];
    static const int arrows[] = { UP, DOWN, RIGHT, LEFT };

    if (read(STDIN_FILENO, &c, 1) != 1)
        return 'q';
    if (c != 27)
        return c;
    if (read(STDIN_FILENO, &more[0], 1) != 1 || more[0] != '[' || read(STDIN_FILENO, &more[1], 1) != 1)
        return 0;
    return more[1] >= 'A' && more[1] <= 'D' ? arrows[more[1] - 'A'] : 0;
}

static int
columns_of_terminal(void)
{
    struct winsize size;

    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 112;
}

/* The place of the cursor: a column, and a card in it. Where there is no card, NULL. */
static const hg_pipeline_card *
card_at(const board *b, int column, size_t *row)
{
    if (b->count[column] == 0)
        return NULL;
    if (*row >= b->count[column])
        *row = b->count[column] - 1;
    return b->cards[column][*row];
}

/* Where a key takes the card: one stage on, or out. 0: the key moves no card. */
static int32_t
target_of(int key, int32_t status)
{
    if (key == '>' && status < HG_APPLICATION_STATUS_HIRED)
        return status + 1;
    return key == 'x' ? HG_APPLICATION_STATUS_REJECTED : 0;
}

/* Draws, waits for a key and does it, again and again. said is what the last move came to. */
static hg_status
play(board *b, hg_error *err)
{
    char said[600] = "";
    int column = 0, key = 0;
    size_t row = 0;
    hg_status st = HG_OK;

    while (st == HG_OK && key != 'q') {
        const hg_pipeline_card *card = card_at(b, column, &row);
        int32_t to;

        fputs("\033[H\033[2J", stdout);
        board_draw(b, columns_of_terminal(), card, 1);
        printf("\n%s\n\033[2marrows choose   > next stage   x reject   r read again   q quit\033[0m\n", said);
        fflush(stdout);
        said[0] = '\0';
        key = read_key();
        if (key == LEFT || key == RIGHT)
            column = (column + (key == RIGHT ? 1 : COLUMNS - 1)) % COLUMNS;
        if (key == UP && row > 0)
            row--;
        if (key == DOWN)
            row++;
        to = card != NULL ? target_of(key, card->status) : 0;
        if (to != 0 && board_move(b, card, to, "moved on the board", err) != HG_OK)
            snprintf(said, sizeof said, "%s: %s", hg_status_name(err->status), err->message);
        if (to != 0 || key == 'r')              /* what others have moved meanwhile is seen, too */
            st = board_read(b, err);
    }
    return st;
}

hg_status
board_play(board *b, hg_error *err)
{
    struct termios before, raw;
    hg_status st;

    tcgetattr(STDIN_FILENO, &before);
    raw = before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    fputs("\033[?1049h\033[?25l", stdout);      /* a screen of our own, without a cursor */
    st = play(b, err);
    fputs("\033[?25h\033[?1049l", stdout);
    fflush(stdout);
    tcsetattr(STDIN_FILENO, TCSANOW, &before);
    return st;
}
