/* SPDX-License-Identifier: Apache-2.0 */
/**
 * html_check.h knows which elements and attributes the page may hold and how they must stand: nested, quoted, nothing that
 * runs, nothing from elsewhere. What others say is text in it, so markup that they smuggle in is markup this does not know.
 * It refuses to know what the page says.
 */
#ifndef TLSDIAG_HTML_CHECK_H
#define TLSDIAG_HTML_CHECK_H

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "tap.h"

enum { HTML_NAME = 24, HTML_DEPTH = 32 };

/* Where a check stands: the elements that are open, the next character. */
typedef struct html_place {
    const char *at;
    char open[HTML_DEPTH][HTML_NAME];
    unsigned depth;
} html_place_t;

static bool html_is_one_of(const char *word, const char *const *words)
{
    while (*words && strcmp(word, *words) != 0) {
        words++;
    }
    return *words != NULL;
}

static bool html_element_is_known(const char *name)
{
    static const char *const known[] = {
        "a",       "article", "b",          "body",  "br",     "button", "caption", "code",  "dd",    "desc",
        "details", "div",     "dl",         "dt",    "em",     "figure", "footer",  "form",  "g",     "h1",
        "h2",      "h3",      "figcaption", "head",  "html",   "header", "input",   "label", "li",    "line",
        "link",    "main",    "meta",       "nav",   "option", "ol",     "p",       "path",  "pre",   "rect",
        "script",  "section", "select",     "small", "span",   "strong", "summary", "svg",   "table", "tbody",
        "td",      "text",    "tfoot",      "th",    "thead",  "time",   "title",   "tr",    "ul",    NULL
    };
    return html_is_one_of(name, known);
}

static bool html_is_void(const char *name)
{
    static const char *const voids[] = { "br", "input", "link", "meta", NULL };
    return html_is_one_of(name, voids);
}

/* Nothing that runs (on...), styles, or frames. */
static bool html_attribute_is_known(const char *name)
{
    static const char *const known[] = { "action",
                                         "aria-current",
                                         "aria-hidden",
                                         "aria-label",
                                         "aria-labelledby",
                                         "aria-live",
                                         "autocomplete",
                                         "charset",
                                         "class",
                                         "colspan",
                                         "content",
                                         "d",
                                         "datetime",
                                         "defer",
                                         "download",
                                         "for",
                                         "height",
                                         "hidden",
                                         "href",
                                         "id",
                                         "lang",
                                         "maxlength",
                                         "method",
                                         "name",
                                         "open",
                                         "preserveAspectRatio",
                                         "rel",
                                         "role",
                                         "scope",
                                         "selected",
                                         "src",
                                         "start",
                                         "tabindex",
                                         "title",
                                         "type",
                                         "value",
                                         "viewBox",
                                         "width",
                                         "x",
                                         "x1",
                                         "x2",
                                         "y",
                                         "y1",
                                         "y2",
                                         NULL };
    return html_is_one_of(name, known) || strncmp(name, "data-", 5) == 0;
}

static bool html_read_name(html_place_t *place, char name[HTML_NAME])
{
    unsigned length = 0;
    while ((isalnum((unsigned char)*place->at) || *place->at == '-') && length < HTML_NAME - 1) {
        name[length++] = *place->at++;
    }
    name[length] = '\0';
    return length > 0;
}

/* &lt; and its like; a bare & is somebody else's. */
static bool html_reference(html_place_t *place)
{
    size_t length = strspn(place->at + 1, "#abcdefghijklmnopqrstuvwxyz0123456789");
    bool ends = length > 0 && length < 9 && place->at[1 + length] == ';';
    place->at += ends ? length + 2 : 0;
    return ends;
}

/* Text up to one of the marks: printable, references whole. */
static bool html_text(html_place_t *place, const char *marks)
{
    while (*place->at && !strchr(marks, *place->at)) {
        unsigned char c = (unsigned char)*place->at;
        if ((c < 0x20 && c != '\n') || c > 0x7e || c == '>') {
            return false;
        }
        if (c != '&') {
            place->at++;
        } else if (!html_reference(place)) {
            return false;
        }
    }
    return true;
}

/* Addresses stay on this server. */
static bool html_address_is_ours(const char *value)
{
    return value[0] == '#' || value[0] == '?' || (value[0] == '/' && value[1] != '/');
}

static bool html_attribute(html_place_t *place)
{
    char name[HTML_NAME];
    if (!html_read_name(place, name) || !html_attribute_is_known(name)) {
        return false;
    }
    if (*place->at != '=') {
        return true; /* defer, open, selected */
    }
    if (*++place->at != '"') {
        return false;
    }
    const char *value = ++place->at;
    bool is_address = !strcmp(name, "href") || !strcmp(name, "src") || !strcmp(name, "action");
    return html_text(place, "\"<") && *place->at++ == '"' && (!is_address || html_address_is_ours(value));
}

static bool html_close_tag(html_place_t *place)
{
    char name[HTML_NAME];
    place->at++;
    return html_read_name(place, name) && *place->at++ == '>' && place->depth > 0 &&
           strcmp(place->open[--place->depth], name) == 0;
}

static bool html_open_tag(html_place_t *place)
{
    char name[HTML_NAME];
    if (!html_read_name(place, name) || !html_element_is_known(name)) {
        return false;
    }
    while (*place->at == ' ' || *place->at == '\n') {
        place->at++;
        if (*place->at != '>' && *place->at != '/' && !html_attribute(place)) {
            return false;
        }
    }
    bool closed = *place->at == '/';
    place->at += closed;
    if (*place->at++ != '>') {
        return false;
    }
    if (!strcmp(name, "script") && strncmp(place->at, "</script>", 9) != 0) {
        return false;
    }
    if (closed || html_is_void(name)) {
        return true;
    }
    if (place->depth == HTML_DEPTH) {
        return false;
    }
    memcpy(place->open[place->depth++], name, sizeof name);
    return true;
}

/**
 * The text is a page of ours: known elements that nest, known attributes that are quoted, addresses of this server, printable
 * ASCII. Returns  NULL when it is; else where it is not.
 */
TAP_UNUSED static const char *html_fault(const char *text)
{
    static const char doctype[] = "<!DOCTYPE html>";
    html_place_t place = { .at = text };
    if (strncmp(text, doctype, sizeof doctype - 1) != 0) {
        return text;
    }
    place.at += sizeof doctype - 1;
    while (html_text(&place, "<") && *place.at) {
        const char *tag = place.at++;
        if (!(*place.at == '/' ? html_close_tag(&place) : html_open_tag(&place))) {
            return tag;
        }
    }
    return *place.at || place.depth ? place.at : NULL;
}

#endif
