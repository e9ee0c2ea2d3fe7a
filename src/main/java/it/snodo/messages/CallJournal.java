package it.snodo.messages;

import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Keeps what went out, beside the message that caused it or, for AURA, by itself. Bookkeeping never fails a delivery: it is counted and said. */
@Component
class CallJournal implements Consumer<CallOut> {

    private static final Logger LOG = LoggerFactory.getLogger(CallJournal.class);

    private final JdbcClient db;
    private final MeterRegistry meters;

    CallJournal(JdbcClient db, MeterRegistry meters) {
        this.db = db;
        this.meters = meters;
    }

    @Override
    public void accept(CallOut call) {
        try {
            if (call.certificateNumber() == null) {
                keepByItself(call);
            } else {
                keep(call);
            }
        } catch (DataAccessException | TransactionException e) {
            meters.counter("snodo.journal.calls.lost").increment();
            LOG.warn("{} could not be kept in the journal: {}", call, e.getMessage());
        }
    }

    private void keep(CallOut call) {
        byte[] request = call.request() == null ? null : PinMask.masked(call.request());
        db.sql("""
                        insert into message_call (message_id, at, destination, operation, method, url, delivery_id, document_id,
                          document_part, request_type, request_size, request_sha256, request, status, answer_size,
                          answer_sha256, answer, duration_ms, failure, trace_id, transaction_id, workflow_id)
                        select c.message_id, :at, :destination, :operation, :method, :url,
                          (select max(d.id) from delivery d where d.document_id = :document and d.sent_trace = :trace
                            and d.destination = :destination),
                          :document, :part, :requestType, :requestSize, cast(:requestSha256 as bytea),
                          cast(:request as bytea), cast(:status as integer), cast(:answerSize as bigint),
                          cast(:answerSha256 as bytea), cast(:answer as bytea), :duration, :failure, :trace, :transaction,
                          :workflow
                        from certificate c where c.number = :certificate""")
                .paramSource(new MapSqlParameterSource()
                        .addValue("at", Timestamp.from(call.at()))
                        .addValue("destination", call.destination())
                        .addValue("operation", call.operation())
                        .addValue("method", call.method())
                        .addValue("url", call.url())
                        .addValue("document", call.documentId())
                        .addValue("part", call.documentPart())
                        .addValue("requestType", call.requestType())
                        .addValue("requestSize", call.requestSize())
                        .addValue("requestSha256", call.requestSha256())
                        .addValue("request", request)
                        .addValue("status", call.status())
                        .addValue("answerSize", call.answer() == null ? null : call.answer().length)
                        .addValue("answerSha256", call.answer() == null ? null : Journal.sha256(call.answer()))
                        .addValue("answer", call.answer())
                        .addValue("duration", call.durationMs())
                        .addValue("failure", call.failure())
                        .addValue("trace", call.traceId())
                        .addValue("transaction", call.transactionId())
                        .addValue("workflow", call.workflowId())
                        .addValue("certificate", call.certificateNumber()))
                .update();
    }

    private void keepByItself(CallOut call) {
        db.sql("""
                        insert into aura_call (at, operation, url, exemption_id, delivery_id, request_size, request_sha256,
                          request, status, answer_size, answer_sha256, answer, duration_ms, failure, trace_id)
                        values (:at, :operation, :url, :exemption, :delivery, :requestSize, :requestSha256, :request,
                          :status, :answerSize, :answerSha256, :answer, :duration, :failure, :trace)""")
                .param("at", Timestamp.from(call.at()))
                .param("operation", call.operation())
                .param("url", call.url())
                .param("exemption", call.exemptionId(), Types.BIGINT)
                .param("delivery", call.deliveryId(), Types.BIGINT)
                .param("requestSize", call.requestSize())
                .param("requestSha256", call.requestSha256())
                .param("request", call.request())
                .param("status", call.status(), Types.INTEGER)
                .param("answerSize", call.answer() == null ? null : call.answer().length, Types.INTEGER)
                .param("answerSha256", call.answer() == null ? null : Journal.sha256(call.answer()), Types.BINARY)
                .param("answer", call.answer(), Types.BINARY)
                .param("duration", call.durationMs())
                .param("failure", call.failure())
                .param("trace", call.traceId())
                .update();
    }
}
