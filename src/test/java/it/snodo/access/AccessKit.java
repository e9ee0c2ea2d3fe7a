package it.snodo.access;

import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who calls and what is written down of it, for tests that put their parts together by hand. */
public final class AccessKit {

    private AccessKit() {}

    public static Operators operators(Supplier<Operator> who) {
        return new Operators(null) {
            @Override
            public Operator current() {
                return who.get();
            }
        };
    }

    public static Audit audit(JdbcClient jdbc) {
        return new Audit(jdbc);
    }
}
