package it.snodo.config;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** With the disk nearly full nothing more is accepted; with room on it again, everything. */
class DiskSpaceTest {

    @Test
    void less_than_the_limit_refuses_and_more_accepts_again() {
        AtomicLong free = new AtomicLong(99);
        DiskSpace disk = new DiskSpace(free::get, 100);
        assertThatExceptionOfType(SnodoException.class)
                .isThrownBy(disk::require)
                .matches(refusal -> refusal.code() == SnodoCode.DISK_FULL)
                .withMessageContaining("di nuovo");

        free.set(100);

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThatCode(disk::require).doesNotThrowAnyException());
        free.set(0);
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThatExceptionOfType(SnodoException.class)
                .isThrownBy(disk::require));
    }
}
