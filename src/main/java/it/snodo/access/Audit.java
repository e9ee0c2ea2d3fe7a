package it.snodo.access;

import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

/** Writes down who looked at whose data: the citizen may ask for it (GDPR art. 15). */
@Component
public class Audit {

    private final JdbcClient db;

    Audit(JdbcClient db) {
        this.db = db;
    }

    /**
     * @param object what was looked at
     * @param subject identifier of the person whose data it is; null when not about one person
     * @param action in words
     */
    public void read(String object, String subject, String action) {
        write(object, subject, action, "OK");
    }

    /** The same, when the data were withheld. */
    public void denied(String object, String subject, String action) {
        write(object, subject, action, "NEGATO");
    }

    private void write(String object, String subject, String action, String outcome) {
        Authentication who = SecurityContextHolder.getContext().getAuthentication();
        String roles = who == null
                ? null
                : who.getAuthorities().stream()
                        .map(GrantedAuthority::getAuthority)
                        .collect(Collectors.joining(","));
        db.sql("insert into audit (actor, role, action, subject, object, outcome) values (?, ?, ?, ?, ?, ?)")
                .params(who == null ? "hub" : who.getName(), roles, action, subject, object, outcome)
                .update();
    }
}
