package it.snodo.pratica;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;

/** @param atMost how long who validates or annuls waits for AURA's answer; after that it comes by itself */
@ConfigurationProperties("snodo.aura")
record AuraWait(@Name("wait") @DefaultValue("8s") Duration atMost) {}
