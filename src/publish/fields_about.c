/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked of single rows: when a field is there, also in words; its name; its value; all fields, one by one. */
#include <string.h>

#include "diagnose/repeat.h"
#include "publish/fields.h"
#include "publish/json.h"
#include "publish/values.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const char *const conditions[TLSDIAG_WHEN_COUNT] = {
    [TLSDIAG_WHEN_ALWAYS] = "always",
    [TLSDIAG_WHEN_KNOWN] = "if there is any",
    [TLSDIAG_WHEN_FAILURE] = "failure",
    [TLSDIAG_WHEN_EXPLAINED] = "failure, or dropped after success",
    [TLSDIAG_WHEN_OPENSSL_ERROR] = "if OpenSSL raised an error",
    [TLSDIAG_WHEN_NEGOTIATED] = "ServerHello sent",
    [TLSDIAG_WHEN_ESTABLISHED] = "handshake completed",
    [TLSDIAG_WHEN_NAME_SENT] = "SNI sent",
    [TLSDIAG_WHEN_HELLO] = "ClientHello",
    [TLSDIAG_WHEN_COMPLETE_HELLO] = "complete ClientHello",
    [TLSDIAG_WHEN_BROKEN_HELLO] = "malformed ClientHello",
    [TLSDIAG_WHEN_NOT_TLS] = "no ClientHello",
    [TLSDIAG_WHEN_CLIENT_BYTES] = "bytes received",
    [TLSDIAG_WHEN_CLIENT_CERTIFICATE] = "client certificate",
    [TLSDIAG_WHEN_SERVER_CERTIFICATE] = "certificate sent",
    [TLSDIAG_WHEN_VERIFIED] = "client certificate checked",
    [TLSDIAG_WHEN_ALERTS] = "any alert",
    [TLSDIAG_WHEN_TCP] = "Linux",
    [TLSDIAG_WHEN_FOLDED] = "folded line",
};

static const char *const types[TLSDIAG_TYPE_COUNT] = {
    [TLSDIAG_TYPE_KEYWORD] = "keyword", [TLSDIAG_TYPE_KEYWORDS] = "keyword[]", [TLSDIAG_TYPE_TEXT] = "text",
    [TLSDIAG_TYPE_LONG] = "long",       [TLSDIAG_TYPE_BOOLEAN] = "boolean",    [TLSDIAG_TYPE_DATE] = "date",
    [TLSDIAG_TYPE_IP] = "ip",           [TLSDIAG_TYPE_OBJECT] = "object",      [TLSDIAG_TYPE_OBJECTS] = "object[]",
};

#define IF(condition, when) ((condition) ? UINT32_C(1) << TLSDIAG_WHEN_##when : 0)

static uint32_t client_conditions(const tlsdiag_facts_t *facts)
{
    const tlsdiag_client_hello_t *hello = &facts->client_hello;
    if (!facts->has_client_hello) {
        return IF(facts->first_bytes_length, NOT_TLS) | IF(facts->first_bytes_length, CLIENT_BYTES);
    }
    return IF(true, HELLO) | IF(true, CLIENT_BYTES) | IF(hello->complete, COMPLETE_HELLO) |
           IF(hello->malformed[0], BROKEN_HELLO) | IF(hello->has_server_name && hello->server_name_length, NAME_SENT);
}

uint32_t tlsdiag_when_holds(const tlsdiag_event_t *event)
{
    const tlsdiag_facts_t *facts = event->facts;
    const tlsdiag_diagnosis_t *diagnosis = event->diagnosis;
    bool explained = diagnosis->failure || diagnosis->unknown || strcmp(diagnosis->cause, "ok") != 0;
    return IF(true, ALWAYS) | IF(true, KNOWN) | IF(diagnosis->failure, FAILURE) | IF(explained, EXPLAINED) |
           IF(facts->openssl_errors_count, OPENSSL_ERROR) | IF(facts->negotiated.version, NEGOTIATED) |
           IF(facts->established, ESTABLISHED) | client_conditions(facts) |
           IF(facts->client_certificate.present, CLIENT_CERTIFICATE) |
           IF(tlsdiag_certificate_served(event), SERVER_CERTIFICATE) | IF(facts->verification.checked, VERIFIED) |
           IF(facts->alerts_count, ALERTS) | IF(facts->network.tcp_known, TCP) | IF(event->repeats.count > 1, FOLDED);
}

bool tlsdiag_field_value_write(tlsdiag_writer_t *out, const tlsdiag_event_t *event, const tlsdiag_field_t *field)
{
    const void *at = tlsdiag_field_place(event, field);
    uint64_t number;
    switch ((tlsdiag_row_kind_t)field->kind) {
    case TLSDIAG_ROW_FIELD:
        return field->write(out, event);
    case TLSDIAG_ROW_TEXT:
        return tlsdiag_json_text(out, at);
    case TLSDIAG_ROW_BOOLEAN:
        tlsdiag_json_bool(out, *(const bool *)at);
        return *(const bool *)at || field->when != TLSDIAG_WHEN_KNOWN;
    case TLSDIAG_ROW_NUMBER:
        number = tlsdiag_field_number(event, field);
        tlsdiag_write_u64(out, number);
        return number != 0 || field->when != TLSDIAG_WHEN_KNOWN;
    default:
        return false;
    }
}

bool tlsdiag_field_is_settled(const tlsdiag_field_t *field)
{
    switch ((tlsdiag_row_kind_t)field->kind) {
    case TLSDIAG_ROW_FIELD:
        return field->settled;
    case TLSDIAG_ROW_BOOLEAN:
    case TLSDIAG_ROW_NUMBER:
    case TLSDIAG_ROW_TEXT:
        return !tlsdiag_is_circumstance(field->offset);
    default:
        return true;
    }
}

const char *tlsdiag_when_name(tlsdiag_when_t when)
{
    return (unsigned)when < COUNT(conditions) ? conditions[when] : "";
}

const char *tlsdiag_type_name(tlsdiag_type_t type)
{
    return (unsigned)type < COUNT(types) ? types[type] : "";
}

tlsdiag_bytes_t tlsdiag_field_name(const tlsdiag_field_t *field)
{
    const char *end = field->key_length > 0 ? memchr(field->key + 1, '"', field->key_length - 1u) : NULL;
    return end ? tlsdiag_bytes(field->key + 1, (size_t)(end - field->key - 1)) : tlsdiag_bytes(NULL, 0);
}

typedef struct visit {
    tlsdiag_field_visitor_t visitor;
    void *context;
} visit_t;

static void visit_rows(const visit_t *visit, const tlsdiag_field_t *row, const char *object, tlsdiag_when_t object_when)
{
    for (; row->kind != TLSDIAG_ROW_END; row++) {
        char path[TLSDIAG_PATH_TEXT];
        tlsdiag_writer_t out = tlsdiag_writer(path, sizeof path);
        tlsdiag_bytes_t name = tlsdiag_field_name(row);
        tlsdiag_when_t when = row->when == TLSDIAG_WHEN_ALWAYS ? object_when : (tlsdiag_when_t)row->when;
        tlsdiag_write(&out, object);
        tlsdiag_write(&out, *object && name.length > 0 ? "." : "");
        tlsdiag_write_bytes(&out, (const char *)name.at, name.length);
        tlsdiag_writer_text(&out);
        if (!row->rows || row->cut != TLSDIAG_CUT_NEVER) {
            visit->visitor(row, path, when, visit->context);
        }
        if (row->rows) {
            visit_rows(visit, row->rows, path, when);
        }
    }
}

void tlsdiag_fields_visit(tlsdiag_field_visitor_t visitor, void *context)
{
    visit_rows(&(visit_t){ visitor, context }, tlsdiag_fields, "", TLSDIAG_WHEN_ALWAYS);
}
