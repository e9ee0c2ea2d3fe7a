package it.snodo.demo;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The demo's show.
 *
 * @param play send the sample requests once after the start
 * @param exit stop the hub after them; the exit code is 0 only when each sample ended as it should
 */
@ConfigurationProperties("snodo.demo")
record DemoProperties(
        @DefaultValue("true") boolean play,
        @DefaultValue("false") boolean exit) {}
