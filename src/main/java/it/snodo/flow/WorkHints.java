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
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Tells those who make documents ({@code routes/certificate-document.camel.yaml}) that there is a new certificate, without
 * the sender of the certificate waiting for it: what has come meanwhile goes to the broker in one go. No more go at a time
 * than the workers can begin with, and one at a time while many messages come: to send them cost more than to take the
 * message. A hint that is lost, or has waited too long, is given again by the route {@code certificate-recovery}.
 */
@Component("workHints")
class WorkHints implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(WorkHints.class);
    /** Beyond this the workers have enough to do, and the rest is found in the register. */
    private static final int MOST_WAITING = 50_000;
    /** What one worker can begin in {@link #PAUSE_MILLIS} at the very most. */
    private static final int MOST_A_WORKER = 10;

    private static final long PAUSE_MILLIS = 100;

    private final ConnectionFactory broker;
    private final IntakeLoad load;
    private final int atATime;
    private final BlockingQueue<Hint> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private final AtomicBoolean sending = new AtomicBoolean();
    private final ThreadPoolExecutor sender;

    private record Hint(long certificate, String orderKey, String queue) {}

    WorkHints(ConnectionFactory broker, IntakeLoad load, @Value("${snodo.certificate.workers}") int workers) {
        this.broker = broker;
        this.load = load;
        this.atATime = workers * MOST_A_WORKER;
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
     * @param orderKey {@code orderKey} for the accepted message's own ({@link Accepted#orderKey()}), or a key: those with the
     *     same one are worked on one after the other
     * @param queue where the workers listen
     */
    public void offer(Accepted accepted, String orderKey, String queue) {
        if (accepted.isNew()) {
            offer(new Hint(
                    accepted.outcome().certificateNumber(),
                    orderKey.equals("orderKey") ? accepted.orderKey() : orderKey,
                    queue));
        }
    }

    /** The same for a certificate with which there is something to do, in no order. */
    void tell(long certificate, String queue) {
        offer(new Hint(certificate, null, queue));
    }

    private void offer(Hint hint) {
        if (waiting.offer(hint) && sending.compareAndSet(false, true)) {
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
                while (sendSome(session, producer)) {
                    TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                }
                sending.set(false);
            } while (!waiting.isEmpty());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (JMSException | RuntimeException e) {
            waiting.clear();
            LOG.warn("The broker took no hints of new certificates; they are found in the register: {}", e.toString());
        } finally {
            sending.set(false);
        }
    }

    /** @return false when there are no more */
    private boolean sendSome(Session session, MessageProducer producer) throws JMSException {
        int left = load.isHigh() ? 1 : atATime;
        for (; left > 0; left--) {
            Hint hint = waiting.poll();
            if (hint == null) {
                return false;
            }
            TextMessage message = session.createTextMessage(String.valueOf(hint.certificate));
            if (hint.orderKey != null) {
                message.setStringProperty("JMSXGroupID", hint.orderKey);
            }
            producer.send(session.createQueue(hint.queue), message);
        }
        return true;
    }

    @Override
    public void destroy() {
        sender.shutdownNow();
    }
}
