package it.snodo.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import it.snodo.intake.Incoming.Outcome;
import it.snodo.messages.Accepted;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkHintsTest {

    private static final int WORKERS = 2;
    private static final int AT_A_TIME = 20;

    private final AtomicLong now = new AtomicLong();
    private final AtomicLong looks = new AtomicLong();
    private final IntakeLoad load = new IntakeLoad(100, Duration.ofMillis(500), () -> {
        looks.incrementAndGet();
        return now.get();
    });
    private final List<String> sent = Collections.synchronizedList(new ArrayList<>());
    private final ConnectionFactory broker = mock(ConnectionFactory.class);
    private WorkHints hints;

    @BeforeEach
    void broker() throws JMSException {
        Connection connection = mock(Connection.class);
        Session session = mock(Session.class);
        MessageProducer producer = mock(MessageProducer.class);
        when(broker.createConnection()).thenReturn(connection);
        when(connection.createSession(anyBoolean(), anyInt())).thenReturn(session);
        when(session.createProducer(any())).thenReturn(producer);
        when(session.createQueue(any())).thenReturn(mock(Queue.class));
        when(session.createTextMessage(any())).thenAnswer(call -> {
            TextMessage message = mock(TextMessage.class);
            when(message.getText()).thenReturn(call.getArgument(0));
            return message;
        });
        doAnswer(call -> sent.add(call.<TextMessage>getArgument(1).getText()))
                .when(producer)
                .send(any(Destination.class), any(Message.class));
        hints = new WorkHints(broker, load, WORKERS);
    }

    @AfterEach
    void stop() {
        hints.destroy();
    }

    private void offer(long certificate) {
        hints.offer(
                new Accepted(new Outcome(1, true, certificate, "D" + certificate, List.of()), new byte[0], false, "g1"),
                "g1",
                "queue");
    }

    private static List<String> numbers(int last) {
        return LongStream.rangeClosed(1, last).mapToObj(String::valueOf).toList();
    }

    @Test
    void all_hints_go_out_in_the_order_in_which_their_certificates_came() {
        LongStream.rangeClosed(1, 3 * AT_A_TIME).forEach(this::offer);

        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> sent.size() == 3 * AT_A_TIME);
        assertThat(sent).isEqualTo(numbers(3 * AT_A_TIME));

        offer(3 * AT_A_TIME + 1);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> sent.size() == 3 * AT_A_TIME + 1);
    }

    @Test
    void while_many_messages_come_hints_are_held_back_and_afterwards_all_go_out() {
        for (int i = 0; i < 1000; i++) {
            load.taken();
        }
        looks.set(0);
        LongStream.rangeClosed(1, 3 * AT_A_TIME).forEach(this::offer);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> sent.size() >= 4);
        // one at a time, and before each a look at the load
        assertThat((long) sent.size()).isLessThanOrEqualTo(looks.get());

        now.addAndGet(Duration.ofSeconds(5).toNanos());
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> sent.size() == 3 * AT_A_TIME);
        assertThat(sent).isEqualTo(numbers(3 * AT_A_TIME));
    }

    @Test
    void a_refused_or_repeated_message_gives_no_hint() {
        hints.offer(
                new Accepted(new Outcome(1, false, null, null, List.of()), new byte[0], false, null), null, "queue");
        hints.offer(new Accepted(new Outcome(1, true, 7L, "D7", List.of()), new byte[0], true, "g1"), "g1", "queue");
        offer(8);

        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !sent.isEmpty());
        assertThat(sent).containsExactly("8");
    }
}
