/* SPDX-License-Identifier: Apache-2.0 */
/**
 * chart.h knows how counts over time become a stacked bar chart in inline SVG, with its text alternative.
 * It refuses to know what is counted.
 *
 * The SVG holds shapes only and stretches to the width it gets; scale and dates stand beside it as HTML, so that they stay
 * readable on a phone. Colours come from classes of the style sheet, because the page's policy allows no inline style.
 */
#ifndef TLSDIAG_PUBLISH_CHART_H
#define TLSDIAG_PUBLISH_CHART_H

#include "publish/html.h"

enum { TLSDIAG_CHART_BARS = 192, TLSDIAG_CHART_LAYERS = 6 };

/** One layer of the stack. */
typedef struct tlsdiag_layer {
    const char *class;                   /**< style class */
    const char *name;                    /**< for the legend and the description */
    uint32_t counts[TLSDIAG_CHART_BARS]; /**< oldest first */
} tlsdiag_layer_t;

typedef struct tlsdiag_chart {
    const char *id; /**< unique on the page */
    const char *title;
    const char *per; /**< "minute", "hour" */
    int64_t now_us;  /**< end of the last bar, about */
    unsigned bar_seconds;
    unsigned bars;
    unsigned layers_count;
    tlsdiag_layer_t layers[TLSDIAG_CHART_LAYERS]; /**< from the bottom */
} tlsdiag_chart_t;

/** The chart as a <figure>: caption with legend, scale, SVG with title and description, dates. */
void tlsdiag_chart_write(tlsdiag_stream_t *out, const tlsdiag_chart_t *chart);

/** A line of small bars without scale, oldest first; label is its text alternative. Shape: bars is at most 192. */
void tlsdiag_sparkline_write(tlsdiag_stream_t *out, const uint32_t *counts, unsigned bars, const char *label);

#endif
