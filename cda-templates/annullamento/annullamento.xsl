<?xml version="1.0" encoding="UTF-8"?>
<!--
  The certificato annullativo: the signed document that ends a certificate. Input what the hub writes of the annulment
  (AnnulmentPage), output XHTML for annullamento.css. It names the certificate and says nothing of what is in it.
-->
<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:xs="http://www.w3.org/2001/XMLSchema"
                xmlns:p="urn:it.snodo:annullamento"
                exclude-result-prefixes="#all" expand-text="yes">

  <xsl:output method="xhtml" indent="no" encoding="UTF-8"/>

  <xsl:variable name="months" as="xs:string*" select="('gennaio', 'febbraio', 'marzo', 'aprile', 'maggio', 'giugno',
      'luglio', 'agosto', 'settembre', 'ottobre', 'novembre', 'dicembre')"/>

  <!-- 20 gennaio 2026, and 1° for the first -->
  <xsl:function name="p:date" as="xs:string">
    <xsl:param name="date" as="xs:date"/>
    <xsl:variable name="d" select="day-from-date($date)"/>
    <xsl:sequence select="(if ($d = 1) then '1°' else string($d)) || ' ' || $months[month-from-date($date)] || ' ' || year-from-date($date)"/>
  </xsl:function>

  <!-- an hour that a clock shows, whatever the zone; seconds may be left out -->
  <xsl:function name="p:when" as="xs:dateTime">
    <xsl:param name="moment" as="element()"/>
    <xsl:sequence select="xs:dateTime(if (matches($moment, 'T\d\d:\d\d$')) then $moment || ':00' else string($moment))"/>
  </xsl:function>

  <xsl:function name="p:name" as="xs:string">
    <xsl:param name="person" as="element()?"/>
    <xsl:sequence select="string-join(($person/given, $person/family), ' ')"/>
  </xsl:function>

  <xsl:template match="/annullamento">
    <xsl:variable name="asked" select="p:when(askedAt)"/>
    <html xmlns="http://www.w3.org/1999/xhtml" lang="it-IT">
      <head>
        <title>Certificato annullativo {documentId}</title>
        <meta name="author" content="{p:name(doctor)}"/>
        <meta name="subject" content="Annullamento del certificato n. {annulled/number}"/>
        <meta name="date" content="{format-dateTime($asked, '[Y0001][M01][D01][H01][m01][s01]')}"/>
      </head>
      <body>
        <div class="foot">Certificato annullativo {documentId}</div>
        <div class="head">Annullamento del certificato n. {annulled/number}</div>
        <table class="letterhead"><tbody><tr>
          <td>
            <p class="region">{region}</p>
            <p class="azienda">{(azienda, 'Azienda sanitaria')[1]}</p>
            <xsl:if test="telecom"><p class="contacts">{replace(telecom, '^(tel:|mailto:|https?://)', '')}</p></xsl:if>
          </td>
          <td class="service-name"><p>Certificato annullativo</p><p class="region">n. {documentId}</p></td>
        </tr></tbody></table>

        <h1>Annullamento di un certificato di condizione o malattia</h1>

        <p class="declaration">Con il presente documento, firmato digitalmente, il medico {p:name(doctor)}, codice fiscale {doctor/code}, annulla il certificato n. {annulled/number}, che dalla firma di questo documento non ha più alcun effetto.</p>

        <h2>Certificato annullato</h2>
        <table class="data"><tbody>
          <tr><td class="label">Numero</td><td class="bold">{annulled/number}</td></tr>
          <tr><td class="label">Documento</td><td>{annulled/title}</td></tr>
          <tr><td class="label">Identificativo del documento</td><td>{annulled/documentId}, versione {annulled/version}</td></tr>
          <tr><td class="label">Emesso il</td><td>{p:date(xs:date(annulled/madeOn))}</td></tr>
          <xsl:if test="annulled/signedOn"><tr><td class="label">Firmato il</td><td>{p:date(xs:date(annulled/signedOn))}</td></tr></xsl:if>
        </tbody></table>

        <h2>Persona a cui si riferisce</h2>
        <table class="data"><tbody>
          <tr><td class="label">Cognome e nome</td><td class="bold">{string-join((patient/family, patient/given), ' ')}</td></tr>
          <xsl:if test="patient/birthDate"><tr><td class="label">Data di nascita</td><td>{p:date(xs:date(patient/birthDate))}</td></tr></xsl:if>
          <xsl:if test="patient/code"><tr><td class="label">Codice identificativo</td><td>{patient/code}</td></tr></xsl:if>
        </tbody></table>

        <h2>Annullamento</h2>
        <table class="data"><tbody>
          <tr><td class="label">Chiesto il</td><td>{p:date(xs:date($asked))}, ore {format-dateTime($asked, '[H01]:[m01]')}</td></tr>
          <tr><td class="label">Medico</td><td>{p:name(doctor)}</td></tr>
          <xsl:if test="reason"><tr><td class="label">Motivo indicato dal medico</td><td>{reason}</td></tr></xsl:if>
        </tbody></table>

        <div class="note">
          <p>Il certificato annullato non può più essere usato per chiedere o rilasciare un’esenzione. Il documento viene ritirato dal Fascicolo Sanitario Elettronico e dal servizio regionale dei referti on line.</p>
          <p id="substituted-characters">Qualche carattere che non si può stampare è sostituito da un segno.</p>
        </div>
        <p class="signature">Documento firmato digitalmente da {p:name(doctor)}</p>
      </body>
    </html>
  </xsl:template>
</xsl:stylesheet>
