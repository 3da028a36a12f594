/* text_handle.c - hg_text: a text that the library made and the caller frees.
 *
 * The buffer's memory becomes the text's without a copy. Only a buffer on borrowed memory is
 * copied, and then text and struct share one block: ptr points right behind the struct, which is
 * how freeing tells the two apart. */
#include "value/value.h"

struct hg_text {
    char  *ptr;
    size_t len;
};

static hg_text *
copy_borrowed(const hgi_buffer *buf)
{
    hg_text *text = hgi_alloc(sizeof *text + buf->len + 1);

    if (text == NULL)
        return NULL;
    text->ptr = (char *)(text + 1);
    text->len = buf->len;
    if (buf->len > 0)
        memcpy(text->ptr, buf->ptr, buf->len);
    text->ptr[buf->len] = '\0';
    return text;
}

static hg_text *
take_over(hgi_buffer *buf)
{
    hg_text *text = hgi_alloc(sizeof *text);

    if (text == NULL)
        return NULL;
    text->ptr = buf->ptr;
    text->len = buf->len;
    *buf = (hgi_buffer){ 0 };   /* the text's now */
    return text;
}

hg_status
hgi_text_new(hgi_buffer *buf, hg_text **out, hg_error *err)
{
    *out = NULL;
    /* A buffer that never held anything has no memory to take over: it is copied, too. */
    if (!buf->failed)
        *out = buf->borrowed || buf->ptr == NULL ? copy_borrowed(buf) : take_over(buf);
    hgi_buffer_free(buf);
    return *out != NULL ? hgi_ok(err) : hgi_nomem(err);
}

const char *
hg_text_ptr(const hg_text *text)
{
    return text != NULL ? text->ptr : "";
}

size_t
hg_text_len(const hg_text *text)
{
    return text != NULL ? text->len : 0;
}

void
hg_text_free(hg_text *text)
{
    if (text == NULL)
        return;
    if (text->ptr != (char *)(text + 1))
        hgi_free(text->ptr);
    hgi_free(text);
}
