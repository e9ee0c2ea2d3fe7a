package it.snodo.document;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The pull of documents.
 *
 * @param maxPage the most documents in one page
 */
@ConfigurationProperties("snodo.documents")
record DocumentsProperties(@DefaultValue("100") int maxPage) {}
