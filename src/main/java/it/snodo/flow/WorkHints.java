package it.snodo.flow;

import it.snodo.messages.Accepted;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Tells those who make documents ({@code routes/certificate-document.camel.yaml}) that there is a new certificate, without
 * the sender of the certificate waiting for it: what has come meanwhile goes to the broker in one go. A hint that is lost
 * is given again by the route {@code certificate-recovery}.
 */
@Component("workHints")
class WorkHints implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(WorkHints.class);
    /** Beyond this the workers have enough to do, and the rest is found in the register. */
    private static final int MOST_WAITING = 10_000;

    private final ConnectionFactory broker;
    private final BlockingQueue<Hint> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private final AtomicBoolean sending = new AtomicBoolean();
    private final ThreadPoolExecutor sender;

    private record Hint(long certificate, String orderKey, String queue) {}

    WorkHints(ConnectionFactory broker) {
        this.broker = broker;
        sender = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
            Thread thread = new Thread(work, "work-hints");
            thread.setDaemon(true);
            return thread;
        });
        sender.allowCoreThreadTimeOut(true);
    }

    /**
     * Body: what the journal has accepted; it stays as it is.
     *
     * @param orderKey those with the same key are worked on one after the other
     * @param queue where the workers listen
     */
    public void offer(Accepted accepted, String orderKey, String queue) {
        if (accepted.isNew()
                && waiting.offer(new Hint(accepted.outcome().certificateNumber(), orderKey, queue))
                && sending.compareAndSet(false, true)) {
            sender.execute(this::send);
        }
    }

    private void send() {
        try (Connection connection = broker.createConnection();
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageProducer producer = session.createProducer(null)) {
            producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
            // A hint that is offered after the last look here finds "sending" false and begins anew.
            do {
                sending.set(true);
                for (Hint hint = waiting.poll(); hint != null; hint = waiting.poll()) {
                    TextMessage message = session.createTextMessage(String.valueOf(hint.certificate));
                    message.setStringProperty("JMSXGroupID", hint.orderKey);
                    producer.send(session.createQueue(hint.queue), message);
                }
                sending.set(false);
            } while (!waiting.isEmpty());
        } catch (JMSException | RuntimeException e) {
            waiting.clear();
            LOG.warn("The broker took no hints of new certificates; they are found in the register: {}", e.toString());
        } finally {
            sending.set(false);
        }
    }

    @Override
    public void destroy() {
        sender.shutdown();
    }
}
