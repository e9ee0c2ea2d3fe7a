package it.snodo.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** With {@code spring.datasource.url}. The pool connects only when it is asked: nothing listens here. */
class OutsideDatabaseTest {

    private final ApplicationContextRunner hub = new ApplicationContextRunner()
            .withInitializer(new ConfigDataApplicationContextInitializer())
            .withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
            .withPropertyValues("spring.datasource.url=jdbc:postgresql://127.0.0.1:1/snodo", "snodo.data-dir=target");

    @Test
    void that_it_is_away_is_known_within_seconds() {
        hub.run(context -> assertThat(context.getBean(HikariDataSource.class).getConnectionTimeout())
                .isEqualTo(5_000));
    }

    @Test
    void it_gets_as_many_connections_as_the_embedded_one() {
        hub.run(context -> {
            HikariDataSource pool = context.getBean(HikariDataSource.class);
            assertThat(pool.getMaximumPoolSize()).isEqualTo(32);
            assertThat(pool.getMinimumIdle()).isEqualTo(4);
        });
    }

    @Test
    void what_a_row_holds_stays_out_of_its_errors() {
        hub.run(context -> assertThat(context.getBean(HikariDataSource.class).getDataSourceProperties())
                .containsEntry("logServerErrorDetail", "false")
                .containsEntry("socketTimeout", "600"));
    }
}
