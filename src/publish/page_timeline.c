/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/page_parts.h"

#include <string.h>

#include "publish/json_value.h"

enum { HISTORY_TEXT = 80, NAME_TEXT = 64, NO_TIME = -1 };

/* Zeek's letters (ssl_history in base/protocols/ssl/main.zeek), in lower case here. */
static const struct {
    char letter;
    const char *message;
} messages[] = {
    { 'h', "HelloRequest" },
    { 'c', "ClientHello" },
    { 's', "ServerHello" },
    { 'j', "HelloRetryRequest" },
    { 't', "NewSessionTicket" },
    { 'x', "Certificate" },
    { 'k', "ServerKeyExchange" },
    { 'r', "CertificateRequest" },
    { 'n', "ServerHelloDone" },
    { 'y', "CertificateVerify" },
    { 'g', "ClientKeyExchange" },
    { 'f', "Finished" },
    { 'u', "CertificateStatus" },
    { 'a', "SupplementalData" },
    { 'z', "a message unknown here" },
    { 'i', "ChangeCipherSpec" },
    { 'd', "application data" },
    { 'e', "EndOfEarlyData" },
    { 'o', "EncryptedExtensions" },
    { 'p', "KeyUpdate" },
    { 'm', "message_hash" },
    { 'l', "Alert" },
    { 'b', "heartbeat" },
    { 'v', "HelloVerifyRequest" },
};

static const char *message_of(char letter)
{
    char lower = (char)(letter | 0x20);
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        if (messages[i].letter == lower) {
            return messages[i].message;
        }
    }
    return "a record unknown here";
}

static bool from_client(char letter)
{
    return letter >= 'A' && letter <= 'Z';
}

static void put_when(tlsdiag_stream_t *out, int64_t us)
{
    tlsdiag_html(out, "<td class=\"n\">");
    if (us >= 0) {
        tlsdiag_html_span(out, (uint64_t)us);
    }
    tlsdiag_html(out, "</td>");
}

static void open_step(tlsdiag_stream_t *out, const char *class, int64_t us)
{
    tlsdiag_html(out, "<tr class=\"");
    tlsdiag_html(out, class);
    tlsdiag_html(out, "\">");
    put_when(out, us);
}

static void put_event(tlsdiag_stream_t *out, int64_t us, const char *text)
{
    open_step(out, "event", us);
    tlsdiag_html(out, "<td colspan=\"2\">");
    tlsdiag_html(out, text);
    tlsdiag_html(out, "</td></tr>\n");
}

static int64_t time_of(tlsdiag_json_value_t record, const char *path)
{
    tlsdiag_json_value_t value = tlsdiag_json_find(record, path);
    return value.length > 0 ? (int64_t)tlsdiag_json_number_of(value) : NO_TIME;
}

static void put_alert_name(tlsdiag_stream_t *out, tlsdiag_json_value_t alert)
{
    char name[NAME_TEXT];
    tlsdiag_html(out, " alert ");
    tlsdiag_html_text(out, tlsdiag_json_text_of(name, sizeof name, tlsdiag_json_find(alert, "level")));
    tlsdiag_html(out, " <b>");
    tlsdiag_html_text(out, tlsdiag_json_text_of(name, sizeof name, tlsdiag_json_find(alert, "name")));
    tlsdiag_html(out, "(");
    tlsdiag_html_text(out, tlsdiag_json_text_of(name, sizeof name, tlsdiag_json_find(alert, "code")));
    tlsdiag_html(out, ")</b>");
}

static void put_alert(tlsdiag_stream_t *out, tlsdiag_json_value_t alert)
{
    char direction[NAME_TEXT];
    bool received = strcmp(tlsdiag_json_text_of(direction, sizeof direction, tlsdiag_json_find(alert, "direction")),
                           "received") == 0;
    open_step(out, received ? "alert fromclient" : "alert fromserver", time_of(alert, "us"));
    tlsdiag_html(out, received ? "<td class=\"who\">client sends</td><td>" : "<td class=\"who\">server sends</td><td>");
    put_alert_name(out, alert);
    tlsdiag_html(out, "</td></tr>\n");
}

/* The moments that are known: of the ClientHello, of our first message, of the client's first message after it. */
typedef struct moments {
    int64_t client_hello, server_flight, client_answer;
    bool server_spoke;
} moments_t;

static int64_t next_time(moments_t *known, char letter)
{
    int64_t *moment = !from_client(letter)                   ? &known->server_flight
                      : known->server_spoke && letter != 'C' ? &known->client_answer
                                                             : &known->client_hello;
    int64_t us = *moment;
    known->server_spoke = known->server_spoke || !from_client(letter);
    *moment = NO_TIME;
    return us;
}

static uint64_t number_of(tlsdiag_json_value_t record, const char *path)
{
    return tlsdiag_json_number_of(tlsdiag_json_find(record, path));
}

/* How the first ClientHello arrived; what a second one looked like is not measured. */
static void put_hello_size(tlsdiag_stream_t *out, tlsdiag_json_value_t record)
{
    uint64_t bytes = number_of(record, "tlsdiag.client.hello_bytes");
    if (bytes == 0) {
        return;
    }
    tlsdiag_html(out, " <small>");
    tlsdiag_html_counted(out, bytes, "byte");
    tlsdiag_html(out, " in ");
    tlsdiag_html_counted(out, number_of(record, "tlsdiag.client.hello_records"), "record");
    tlsdiag_html(out, ", ");
    tlsdiag_html_counted(out, number_of(record, "tlsdiag.client.hello_reads"), "read");
    tlsdiag_html(out, "</small>");
}

static void put_message(tlsdiag_stream_t *out, tlsdiag_json_value_t record, char letter, int64_t us)
{
    open_step(out, from_client(letter) ? "fromclient" : "fromserver", us);
    tlsdiag_html(out, from_client(letter) ? "<td class=\"who\">client sends</td><td>"
                                          : "<td class=\"who\">server sends</td><td>");
    tlsdiag_html(out, message_of(letter));
    if (letter == 'C' && us >= 0) {
        put_hello_size(out, record);
    }
    tlsdiag_html(out, "</td></tr>\n");
}

static void put_messages(tlsdiag_stream_t *out, tlsdiag_json_value_t record)
{
    char history[HISTORY_TEXT];
    tlsdiag_json_text_of(history, sizeof history, tlsdiag_json_find(record, "tlsdiag.history"));
    moments_t moments = { time_of(record, "tlsdiag.timing.client_hello"),
                          time_of(record, "tlsdiag.timing.server_flight"),
                          time_of(record, "tlsdiag.timing.client_answer"), false };
    tlsdiag_json_walk_t alerts = tlsdiag_json_walk(tlsdiag_json_find(record, "tlsdiag.alerts"));
    tlsdiag_json_value_t alert;
    for (const char *letter = history; *letter; letter++) {
        if ((*letter | 0x20) == 'l' && tlsdiag_json_next(&alerts, NULL, &alert)) {
            put_alert(out, alert);
        } else {
            put_message(out, record, *letter, next_time(&moments, *letter));
        }
    }
    while (tlsdiag_json_next(&alerts, NULL, &alert)) {
        put_alert(out, alert);
    }
}

static const struct {
    const char *name, *words;
} ends[] = {
    { "finished", "The handshake is complete." },
    { "alert_sent", "The server has ended it with its alert." },
    { "alert_received", "The client has ended it with its alert." },
    { "closed", "The client has closed the connection." },
    { "reset", "The connection was reset." },
    { "timeout", "Nothing came until the time limit." },
    { "server_stop", "This server was stopping." },
    { "error", "OpenSSL or httpd gave up." },
};

static void put_end(tlsdiag_stream_t *out, tlsdiag_json_value_t record)
{
    char name[NAME_TEXT];
    tlsdiag_json_text_of(name, sizeof name, tlsdiag_json_find(record, "tlsdiag.ended_by"));
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (strcmp(ends[i].name, name) == 0) {
            put_event(out, time_of(record, "tlsdiag.timing.total"), ends[i].words);
        }
    }
}

static void put_bytes(tlsdiag_stream_t *out, tlsdiag_json_value_t record)
{
    open_step(out, "event", NO_TIME);
    tlsdiag_html(out, "<td colspan=\"2\">In all, ");
    tlsdiag_html_counted(out, number_of(record, "source.bytes"), "byte");
    tlsdiag_html(out, " came and ");
    tlsdiag_html_counted(out, number_of(record, "destination.bytes"), "byte");
    tlsdiag_html(out, " went out.</td></tr>\n");
}

void tlsdiag_part_record_timeline(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    tlsdiag_json_value_t record = view->record->json;
    if (record.length == 0) {
        tlsdiag_nothing_row(out, 3, "Only the outline of this handshake was kept.");
        return;
    }
    put_event(out, 0, "The connection is accepted.");
    int64_t first_byte = time_of(record, "tlsdiag.timing.first_byte");
    if (first_byte >= 0) {
        put_event(out, first_byte, "The first bytes arrive.");
    }
    put_messages(out, record);
    put_end(out, record);
    put_bytes(out, record);
}
