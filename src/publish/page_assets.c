/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/page.h"

#include <string.h>

#include "publish/assets_data.h"

#define ASSET(symbol, name, type)                                               \
    {                                                                           \
        name, type, asset_##symbol, sizeof asset_##symbol - 1, version_##symbol \
    }

/* The html files are parts of pages, not served by themselves. */
static const tlsdiag_asset_t assets[] = {
    ASSET(status_css, "status.css", "text/css; charset=utf-8"),
    ASSET(status_js, "status.js", "text/javascript; charset=utf-8"),
    ASSET(status_svg, "status.svg", "image/svg+xml"),
    ASSET(frame_html, "frame.html", NULL),
    ASSET(overview_html, "overview.html", NULL),
    ASSET(vhost_html, "vhost.html", NULL),
    ASSET(record_html, "record.html", NULL),
};

const tlsdiag_asset_t *tlsdiag_asset_find(const char *name)
{
    for (size_t i = 0; i < sizeof assets / sizeof *assets; i++) {
        if (strcmp(assets[i].name, name) == 0) {
            return &assets[i];
        }
    }
    return NULL;
}
