/* mutation.h - ways to weaken an expression. */
#ifndef TESTS_POLICIES_MUTATION_H
#define TESTS_POLICIES_MUTATION_H

typedef struct mutant {
    char *what;    /* drop, USING true, WITH CHECK without "..." */
    char *sql;     /* makes it; each of the two databases runs it */
} mutant;

typedef struct mutant_list {
    mutant *items;
    int     count;
} mutant_list;

/* Takes both strings. */
void mutant_add(mutant_list *list, char *what, char *sql);
void mutant_list_free(mutant_list *list);

/* printf into a new string. */
__attribute__((format(printf, 1, 2))) char *mutant_text(const char *format, ...);

/* Calls made(context, what, expression) with a copy of the expression for every arm of an OR left out, every arm of an OR of
 * three and more alone, and every part of an AND left out, at any depth. */
void mutate_expression(const char *expression, void (*made)(void *context, char *what, char *mutated), void *context);
/* The same for a function's body: every condition that stands on a line of its own. */
void mutate_body(const char *body, void (*made)(void *context, char *what, char *mutated), void *context);

#endif
