package it.snodo.intake.hl7v2;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** One listener for all tests of a class; it takes whatever comes, unless a test says otherwise. */
abstract class ListenerTest {

    static Listener listener;

    @BeforeAll
    static void start() {
        listener = new Listener();
    }

    @AfterAll
    static void stop() {
        listener.close();
    }

    @BeforeEach
    void nothingTaken() {
        listener.taken.clear();
        listener.onAccept(message -> {});
    }
}
