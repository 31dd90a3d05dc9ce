/* SPDX-License-Identifier: Apache-2.0 */
/**
 * text.h knows how to copy a short text into a field of fixed size. It refuses to know what the text says.
 */
#ifndef TLSDIAG_APACHE_TEXT_H
#define TLSDIAG_APACHE_TEXT_H

#include <string.h>

/** Copy from into to, cut to size - 1 bytes, NUL-terminated. As apr_cpystrn(), which goes byte by byte. */
static inline void tlsdiag_text_copy(char *to, size_t size, const char *from)
{
    size_t length = strlen(from);

    length = length < size ? length : size - 1;
    memcpy(to, from, length);
    to[length] = '\0';
}

#endif
