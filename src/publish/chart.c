/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/chart.h"

enum { HEIGHT = 1000, STEP = 10, SPARK_HEIGHT = 100 }; /* a bar is 8 of its 10 units wide */

static uint64_t bar_total(const tlsdiag_chart_t *chart, unsigned bar)
{
    uint64_t sum = 0;
    for (unsigned layer = 0; layer < chart->layers_count; layer++) {
        sum += chart->layers[layer].counts[bar];
    }
    return sum;
}

static uint64_t layer_total(const tlsdiag_chart_t *chart, const tlsdiag_layer_t *layer)
{
    uint64_t sum = 0;
    for (unsigned bar = 0; bar < chart->bars; bar++) {
        sum += layer->counts[bar];
    }
    return sum;
}

static unsigned highest_bar(const tlsdiag_chart_t *chart)
{
    unsigned highest = 0;
    for (unsigned bar = 1; bar < chart->bars; bar++) {
        highest = bar_total(chart, bar) > bar_total(chart, highest) ? bar : highest;
    }
    return highest;
}

/* The next 1, 2 or 5 times a power of ten: a scale that can be read. */
static uint64_t round_up(uint64_t value)
{
    uint64_t step = 1;
    while (step * 10 < value) {
        step *= 10;
    }
    return value <= step ? step : value <= 2 * step ? 2 * step : value <= 5 * step ? 5 * step : 10 * step;
}

static uint64_t scaled(uint64_t value, uint64_t top, unsigned height)
{
    return (uint64_t)((double)value * height / (double)top + 0.5);
}

static void put_rectangle(tlsdiag_stream_t *out, unsigned bar, uint64_t y, uint64_t height)
{
    tlsdiag_html(out, "M");
    tlsdiag_stream_write_u64(out, (uint64_t)bar * STEP + 1);
    tlsdiag_html(out, " ");
    tlsdiag_stream_write_u64(out, y);
    tlsdiag_html(out, "h8v");
    tlsdiag_stream_write_u64(out, height);
    tlsdiag_html(out, "h-8z");
}

/* One path for each layer: a bar is a subpath of some 16 bytes. */
static void put_layer(tlsdiag_stream_t *out, const tlsdiag_chart_t *chart, unsigned index, uint64_t top)
{
    tlsdiag_html(out, "<path class=\"");
    tlsdiag_html(out, chart->layers[index].class);
    tlsdiag_html(out, "\" d=\"");
    for (unsigned bar = 0; bar < chart->bars; bar++) {
        uint64_t below = 0;
        uint64_t count = chart->layers[index].counts[bar];
        for (unsigned layer = 0; layer < index; layer++) {
            below += chart->layers[layer].counts[bar];
        }
        if (count > 0) {
            uint64_t upper = HEIGHT - scaled(below + count, top, HEIGHT);
            uint64_t height = HEIGHT - scaled(below, top, HEIGHT) - upper;
            put_rectangle(out, bar, upper, height ? height : 1);
        }
    }
    tlsdiag_html(out, "\"/>");
}

static void put_legend(tlsdiag_stream_t *out, const tlsdiag_chart_t *chart)
{
    tlsdiag_html(out, "<figcaption><span class=\"charttitle\">");
    tlsdiag_html_text(out, chart->title);
    tlsdiag_html(out, "</span>");
    for (unsigned layer = 0; layer < chart->layers_count; layer++) {
        tlsdiag_html(out, " <span class=\"key\"><span class=\"swatch ");
        tlsdiag_html(out, chart->layers[layer].class);
        tlsdiag_html(out, "\"></span>");
        tlsdiag_html_text(out, chart->layers[layer].name);
        tlsdiag_html(out, " <b>");
        tlsdiag_html_count(out, layer_total(chart, &chart->layers[layer]));
        tlsdiag_html(out, "</b></span>");
    }
    tlsdiag_html(out, "</figcaption>\n");
}

static void put_date(tlsdiag_stream_t *out, const tlsdiag_chart_t *chart, unsigned bars_ago)
{
    tlsdiag_html_minute(out, chart->now_us - (int64_t)bars_ago * chart->bar_seconds * 1000000);
}

static void put_description(tlsdiag_stream_t *out, const tlsdiag_chart_t *chart)
{
    unsigned highest = highest_bar(chart);
    tlsdiag_html(out, "<title id=\"");
    tlsdiag_html(out, chart->id);
    tlsdiag_html(out, "-title\">");
    tlsdiag_html_text(out, chart->title);
    tlsdiag_html(out, "</title><desc id=\"");
    tlsdiag_html(out, chart->id);
    tlsdiag_html(out, "-desc\">In all: ");
    for (unsigned layer = 0; layer < chart->layers_count; layer++) {
        tlsdiag_html_count(out, layer_total(chart, &chart->layers[layer]));
        tlsdiag_html(out, " ");
        tlsdiag_html_text(out, chart->layers[layer].name);
        tlsdiag_html(out, layer + 1 < chart->layers_count ? ", " : ". ");
    }
    tlsdiag_html(out, "The most in one ");
    tlsdiag_html_text(out, chart->per);
    tlsdiag_html(out, ": ");
    tlsdiag_html_count(out, bar_total(chart, highest));
    tlsdiag_html(out, ", ");
    tlsdiag_html_age(out, (int64_t)(chart->bars - 1 - highest) * chart->bar_seconds);
    tlsdiag_html(out, " ago.</desc>");
}

void tlsdiag_chart_write(tlsdiag_stream_t *out, const tlsdiag_chart_t *chart)
{
    uint64_t top = round_up(bar_total(chart, highest_bar(chart)));
    tlsdiag_html(out, "<figure class=\"chart\">");
    put_legend(out, chart);
    tlsdiag_html(out, "<div class=\"plot\"><div class=\"scale\"><span>");
    tlsdiag_html_count(out, top);
    tlsdiag_html(out, "</span><span>0</span></div><svg role=\"img\" aria-labelledby=\"");
    tlsdiag_html(out, chart->id);
    tlsdiag_html(out, "-title ");
    tlsdiag_html(out, chart->id);
    tlsdiag_html(out, "-desc\" preserveAspectRatio=\"none\" viewBox=\"0 0 ");
    tlsdiag_stream_write_u64(out, (uint64_t)chart->bars * STEP);
    tlsdiag_html(out, " 1000\">");
    put_description(out, chart);
    tlsdiag_html(out, "<path class=\"grid\" d=\"M0 0H9999M0 500H9999M0 1000H9999\"/>");
    for (unsigned layer = 0; layer < chart->layers_count; layer++) {
        put_layer(out, chart, layer, top);
    }
    tlsdiag_html(out, "</svg></div><div class=\"dates\"><span>");
    put_date(out, chart, chart->bars);
    tlsdiag_html(out, "</span><span>");
    put_date(out, chart, chart->bars / 2);
    tlsdiag_html(out, "</span><span>now</span></div></figure>\n");
}

void tlsdiag_sparkline_write(tlsdiag_stream_t *out, const uint32_t *counts, unsigned bars, const char *label)
{
    uint64_t top = 1;
    for (unsigned bar = 0; bar < bars; bar++) {
        top = counts[bar] > top ? counts[bar] : top;
    }
    tlsdiag_html(out, "<svg class=\"spark\" role=\"img\" aria-label=\"");
    tlsdiag_html_text(out, label);
    tlsdiag_html(out, "\" preserveAspectRatio=\"none\" viewBox=\"0 0 ");
    tlsdiag_stream_write_u64(out, (uint64_t)bars * STEP);
    tlsdiag_html(out, " 100\"><path class=\"base\" d=\"M0 99H9999\"/><path d=\"");
    for (unsigned bar = 0; bar < bars; bar++) {
        uint64_t height = scaled(counts[bar], top, SPARK_HEIGHT);
        if (counts[bar] > 0) {
            height = height < 8 ? 8 : height;
            put_rectangle(out, bar, SPARK_HEIGHT - height, height);
        }
    }
    tlsdiag_html(out, "\"/></svg>");
}
