<?xml version="1.0" encoding="UTF-8"?>
<!--
  The promemoria of a booking (R82 to R85 of the SovraCup rules): input what the hub writes of the booking, output XHTML
  for promemoria.css. It looks nothing up: names of services, places and aziende come in.
-->
<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:xs="http://www.w3.org/2001/XMLSchema"
                xmlns:map="http://www.w3.org/2005/xpath-functions/map"
                xmlns:p="urn:it.snodo:promemoria"
                exclude-result-prefixes="#all" expand-text="yes">

  <xsl:output method="xhtml" indent="no" encoding="UTF-8"/>

  <xsl:variable name="months" as="xs:string*" select="('gennaio', 'febbraio', 'marzo', 'aprile', 'maggio', 'giugno',
      'luglio', 'agosto', 'settembre', 'ottobre', 'novembre', 'dicembre')"/>
  <xsl:variable name="days" as="xs:string*" select="('domenica', 'lunedì', 'martedì', 'mercoledì', 'giovedì', 'venerdì', 'sabato')"/>
  <xsl:variable name="sides" as="map(xs:string, xs:string)" select="map { 'R': 'destra', 'L': 'sinistra', 'B': 'bilaterale' }"/>

  <!-- martedì 20 gennaio 2026 -->
  <xsl:function name="p:day" as="xs:string">
    <xsl:param name="date" as="xs:date"/>
    <!-- a known Sunday -->
    <xsl:variable name="weekday" select="days-from-duration($date - xs:date('2001-01-07')) mod 7"/>
    <xsl:sequence select="$days[1 + (if ($weekday lt 0) then $weekday + 7 else $weekday)] || ' ' || p:date($date)"/>
  </xsl:function>

  <!-- 20 gennaio 2026, and 1° for the first -->
  <xsl:function name="p:date" as="xs:string">
    <xsl:param name="date" as="xs:date"/>
    <xsl:variable name="d" select="day-from-date($date)"/>
    <xsl:sequence select="(if ($d = 1) then '1°' else string($d)) || ' ' || $months[month-from-date($date)] || ' ' || year-from-date($date)"/>
  </xsl:function>

  <xsl:function name="p:hour" as="xs:string">
    <xsl:param name="time" as="xs:dateTime"/>
    <xsl:sequence select="format-dateTime($time, '[H01]:[m01]')"/>
  </xsl:function>

  <!-- 36,15 € -->
  <xsl:function name="p:euro" as="xs:string">
    <xsl:param name="amount" as="element()"/>
    <xsl:sequence select="translate(format-number(xs:decimal($amount), '0.00'), '.', ',') || ' €'"/>
  </xsl:function>

  <!-- an hour of the day that a clock shows, whatever the zone -->
  <xsl:function name="p:when" as="xs:dateTime">
    <xsl:param name="moment" as="element()"/>
    <xsl:sequence select="xs:dateTime(if (matches($moment, 'T\d\d:\d\d$')) then $moment || ':00' else string($moment))"/>
  </xsl:function>

  <xsl:template match="/promemoria">
    <html xmlns="http://www.w3.org/1999/xhtml" lang="it-IT">
      <head>
        <title>Promemoria di prenotazione {code}</title>
        <meta name="author" content="{region}"/>
        <meta name="subject" content="Prenotazione {code}"/>
        <meta name="date" content="{translate(printed, '-', '')}"/>
      </head>
      <body>
        <div class="foot">Promemoria {code} · stampato il {p:date(xs:date(printed))}</div>
        <div class="head">Promemoria di prenotazione {code}</div>
        <table class="letterhead"><tbody><tr>
          <td>
            <p class="region">{region}</p>
            <p class="azienda">{(azienda, 'Azienda sanitaria')[1]}</p>
            <xsl:if test="telecom"><p class="contacts">{replace(telecom, '^(tel:|mailto:|https?://)', '')}</p></xsl:if>
          </td>
          <td class="service-name"><p>SovraCup</p><p class="region">Prenotazione delle visite e degli esami</p></td>
        </tr></tbody></table>

        <h1>Promemoria di prenotazione</h1>

        <table class="code"><tbody><tr>
          <td>
            <p class="label">Codice della richiesta</p>
            <p class="number">{code}</p>
            <p class="hint">Serve per disdire o spostare l’appuntamento: lo tenga a portata di mano.</p>
          </td>
          <td class="person">
            <p class="label">Per</p>
            <p class="name">{string-join((patient/family, patient/given), ' ')}</p>
            <p>{string-join((
                if (patient/birthDate) then 'nascita: ' || p:date(xs:date(patient/birthDate)) else (),
                if (patient/fiscalCode) then 'codice: ' || patient/fiscalCode else ()), ' · ')}</p>
            <xsl:if test="prescription"><p>{if (count(prescription) = 1) then 'Impegnativa n. ' else 'Impegnative n. '}{string-join(prescription, ', ')}</p></xsl:if>
            <xsl:if test="fillerCode"><p>Numero di prenotazione del CUP: {fillerCode}</p></xsl:if>
          </td>
        </tr></tbody></table>

        <h2>{if (count(line) = 1) then 'Appuntamento' else 'Appuntamenti'}</h2>
        <xsl:for-each select="line">
          <xsl:sort select="if (start) then string(start) else '9'"/>
          <table class="appointment"><tbody><tr>
            <td class="when">
              <xsl:choose>
                <xsl:when test="start">
                  <p class="day">{p:day(xs:date(p:when(start)))}</p>
                  <p class="hour">ore {p:hour(p:when(start))}</p>
                  <xsl:if test="minutes"><p class="label">durata prevista {minutes} minuti</p></xsl:if>
                </xsl:when>
                <xsl:otherwise><p class="day">Giorno e ora da concordare con la struttura</p></xsl:otherwise>
              </xsl:choose>
            </td>
            <td>
              <p class="service">{title}{if (side and map:contains($sides, side)) then ' (' || $sides(side) || ')' else ''}{if (xs:integer(quantity) gt 1) then ' × ' || quantity else ''}</p>
              <p class="label">codice {code}</p>
              <xsl:if test="place or unit[not(matches(., '^[0-9]+$'))]"><p class="place">{string-join((place, unit[not(matches(., '^[0-9]+$'))]), ' – ')}</p></xsl:if>
              <xsl:if test="ticket and count(../line) gt 1"><p class="label">ticket {p:euro(ticket)}</p></xsl:if>
            </td>
          </tr></tbody></table>
        </xsl:for-each>

        <xsl:if test="note">
          <h2>Avvertenze e preparazione</h2>
          <ul>
            <xsl:for-each select="note">
              <li>{if (service and count(../line) gt 1) then service || ': ' else ''}{text}</li>
            </xsl:for-each>
          </ul>
        </xsl:if>

        <h2>Che cosa portare</h2>
        <ul>
          <li>la tessera sanitaria e un documento d’identità</li>
          <xsl:if test="prescription"><li>l’impegnativa indicata sopra</li></xsl:if>
          <li>gli esami e i referti precedenti che riguardano lo stesso problema</li>
          <xsl:for-each select="form"><li>il modulo compilato: {.}</li></xsl:for-each>
        </ul>

        <h2>Pagamento</h2>
        <xsl:choose>
          <xsl:when test="exempt = 'true'"><p>Non è dovuto alcun ticket.</p></xsl:when>
          <xsl:otherwise>
            <p class="bold">{if (ticket) then 'Ticket dovuto per l’impegnativa: ' || p:euro(ticket)
                else 'L’importo del ticket è comunicato dall’azienda.'}</p>
            <p>{if (payment = 'after') then 'Il pagamento può seguire la prestazione, ma precede il ritiro del referto.'
                else 'Il pagamento precede la prestazione: si presenti con la ricevuta.'}</p>
          </xsl:otherwise>
        </xsl:choose>

        <xsl:if test="revokeHours">
          <div class="revoke">
            <p class="box-title">Se non può presentarsi</p>
            <p>Disdica o sposti l’appuntamento almeno {revokeHours} ore prima, a qualsiasi sportello o al telefono del SovraCup, dicendo il codice della richiesta.</p>
            <xsl:choose>
              <!-- booked at short notice: no moment that has gone is told -->
              <xsl:when test="revokeBefore and xs:date(p:when(revokeBefore)) lt xs:date(printed)"><p class="bold">Il termine è già passato: se non può venire, disdica comunque al più presto.</p></xsl:when>
              <xsl:when test="revokeBefore"><p class="bold">Al più tardi: ore {p:hour(p:when(revokeBefore))} di {p:day(xs:date(p:when(revokeBefore)))}</p></xsl:when>
            </xsl:choose>
            <p>Chi non si presenta e non ha disdetto paga il costo intero della prestazione, anche se è esente, salvo forza maggiore documentata.</p>
          </div>
        </xsl:if>
      </body>
    </html>
  </xsl:template>
</xsl:stylesheet>
