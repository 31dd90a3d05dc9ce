/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever clients, certificates and configuration say, no form of the page says it unescaped; and JSON stays JSON. */
#define _DEFAULT_SOURCE
#include "html_check.h"
#include "json_check.h"
#include "metrics_check.h"
#include "publish/html.h"
#include "publish/imitation.h"
#include "publish/snapshots.h"

static bool is_clean_ascii(void)
{
    for (size_t i = 0; i < written.length; i++) {
        unsigned char c = (unsigned char)written.text[i];
        if (c != '\n' && (c < 0x20 || c > 0x7e)) {
            return false;
        }
    }
    return true;
}

/* Tags that no asset and no part of ours writes. */
static const char *const forbidden[] = { "<script>", "<img",          "<svg/",
                                         "<b>\"",    "<i>",           "<u>",
                                         "<q>",      "onmouseover='", "onerror=alert(1)>" };

static void html_holds_no_tag_of_others(const scenery_t *scenery, form_t form)
{
    ok(render(scenery, form) > 0, "%s is written", form_names[form]);
    ok(is_clean_ascii(), "%s is printable ASCII", form_names[form]);
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
        ok(!strstr(written.text, forbidden[i]), "%s holds no %s", form_names[form], forbidden[i]);
    }
    ok(!strstr(written.text, "{{?}}"), "%s has a part for every mark", form_names[form]);
    const char *fault = html_fault(written.text);
    ok(!fault, "%s holds known elements and attributes only, nested and quoted: %.60s", form_names[form],
       fault ? fault : "all of it");
}

static void each_line_is_json(const scenery_t *scenery, form_t form)
{
    unsigned lines = 0, broken = 0;
    render(scenery, form);
    for (char *line = written.text; *line;) {
        size_t length = strcspn(line, "\n");
        lines++;
        broken += !json_valid(line, length);
        line += length + (line[length] == '\n');
    }
    ok(lines > 0 && broken == 0, "%s: %u lines, %u of them no valid JSON", form_names[form], lines, broken);
}

static void each_line_is_a_sample(const scenery_t *scenery, form_t form)
{
    unsigned lines = 0, broken = 0;
    render(scenery, form);
    ok(is_clean_ascii(), "%s is printable ASCII", form_names[form]);
    for (char *line = written.text; *line;) {
        size_t length = strcspn(line, "\n");
        lines++;
        broken += line[0] != '#' && !metrics_is_sample(line, length);
        line += length + (line[length] == '\n');
    }
    ok(lines > 100 && broken == 0, "%s: %u lines, %u of them no sample", form_names[form], lines, broken);
}

static void html_escapes(void)
{
    static tlsdiag_stream_t out;
    written.length = 0;
    tlsdiag_stream_open(&out, collect, NULL);
    tlsdiag_html_client(&out, tlsdiag_bytes("<&>\"'\\\n\xff\0a", 10));
    tlsdiag_html(&out, "|");
    tlsdiag_html_text(&out, "<a\\b\n\x01>");
    tlsdiag_html(&out, "|");
    tlsdiag_html_query(&out, tlsdiag_bytes("a b&c=<\xff", 8));
    tlsdiag_stream_flush(&out);
    is_str(written.text, "&lt;&amp;&gt;&quot;&#39;\\x5c\\x0a\\xff\\x00a|&lt;a\\b\n\\x01&gt;|a%20b%26c%3d%3c%ff",
           "client bytes, our text, a query value");
}

static void numbers_in_words(void)
{
    static tlsdiag_stream_t out;
    written.length = 0;
    tlsdiag_stream_open(&out, collect, NULL);
    static const uint64_t spans[] = { 0, 999, 1000, 1249, 999949, 999950, 61000000 };
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
        tlsdiag_html_span(&out, spans[i]);
        tlsdiag_html(&out, "; ");
    }
    tlsdiag_html_percent(&out, 1, 3);
    tlsdiag_html(&out, "; ");
    tlsdiag_html_percent(&out, 1, 100000);
    tlsdiag_html(&out, "; ");
    tlsdiag_html_percent(&out, 99999, 100000);
    tlsdiag_html(&out, "; ");
    tlsdiag_html_percent(&out, 0, 0);
    tlsdiag_html(&out, "; ");
    tlsdiag_html_percent(&out, UINT64_MAX, 1);
    tlsdiag_html(&out, "; ");
    tlsdiag_html_count(&out, UINT64_MAX);
    tlsdiag_html(&out, "; ");
    tlsdiag_html_counted(&out, 1, "client");
    tlsdiag_html(&out, "; ");
    tlsdiag_html_age(&out, 7200);
    tlsdiag_stream_flush(&out);
    is_str(written.text,
           "0 us; 999 us; 1 ms; 1.2 ms; 999.9 ms; 1 s; 61 s; 33.3 %; &lt; 0.1 %; &gt; 99.9 %; -; 100 %; "
           "18,446,744,073,709,551,615; 1 client; 2 h",
           "spans, percentages, counts, ages");
}

static void stream_in_pieces(void)
{
    static tlsdiag_stream_t out;
    written.length = 0;
    tlsdiag_stream_open(&out, collect, NULL);
    for (unsigned i = 0; i < 30000; i++) {
        tlsdiag_stream_write_u64(&out, i % 10);
    }
    tlsdiag_stream_flush(&out);
    bool in_order = written.length == 30000;
    for (unsigned i = 0; i < written.length; i++) {
        in_order = in_order && written.text[i] == (char)('0' + i % 10);
    }
    ok(in_order, "what goes through a buffer many times arrives once and in order");
}

static void shells_get_nothing_of_others(void)
{
    char command_text[1024], missing_text[256];
    tlsdiag_writer_t command = tlsdiag_writer(command_text, sizeof command_text);
    tlsdiag_writer_t missing = tlsdiag_writer(missing_text, sizeof missing_text);
    const char record[] =
        "{\"destination\":{\"ip\":\"::1;reboot\",\"port\":443},\"tls\":{\"client\":{\"server_name\":"
        "\"-engine\",\"supported_ciphers\":[\"$(reboot)\",\"TLS_AES_128_GCM_SHA256\"]}},\"tlsdiag\":{"
        "\"client\":{\"legacy_version\":\"TLSv1.2\",\"versions\":[\"TLSv1.2\",\"TLSv1.3\",\"TLSv1.1\"],\"alpn\":[\"h2\",\"`id`\"],\"groups\":[\"x25519\"]}}}";
    ok(tlsdiag_imitation_write(&command, &missing, tlsdiag_bytes(record, sizeof record - 1)), "a command is written");
    is_str(
        tlsdiag_writer_text(&command),
        "openssl s_client -connect localhost:443 -min_protocol TLSv1.1 -max_protocol TLSv1.3 -ciphersuites TLS_AES_128_GCM_SHA256 -groups X25519 "
        "-alpn h2 </dev/null",
        "with nothing in it that a shell could run");
}

int main(void)
{
    static scenery_t scenery;
    html_escapes();
    numbers_in_words();
    stream_in_pieces();
    shells_get_nothing_of_others();
    void (*const makers[])(scenery_t *) = { make_busy, make_hostile };
    for (int i = 0; i < 2; i++) {
        makers[i](&scenery);
        html_holds_no_tag_of_others(&scenery, AS_OVERVIEW);
        html_holds_no_tag_of_others(&scenery, AS_VHOST);
        html_holds_no_tag_of_others(&scenery, AS_RECORD);
        each_line_is_json(&scenery, AS_JSON);
        each_line_is_json(&scenery, AS_RECORDS);
        each_line_is_json(&scenery, AS_RECORD_JSON);
        each_line_is_a_sample(&scenery, AS_METRICS);
        each_line_is_a_sample(&scenery, AS_OPENMETRICS);
    }
    leave(&scenery);
    return done_testing();
}
