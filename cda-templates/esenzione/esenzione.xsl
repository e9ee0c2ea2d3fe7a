<?xml version="1.0" encoding="UTF-8"?>
<!--
  The promemoria of one exemption: input what the hub has noted of it, output XHTML for esenzione.css. It looks nothing up:
  names of exemptions, diagnoses, services and ASL come in. Nothing in it tells of leggi speciali.
-->
<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:xs="http://www.w3.org/2001/XMLSchema"
                xmlns:e="urn:it.snodo:exemption"
                exclude-result-prefixes="#all" expand-text="yes">

  <xsl:output method="xhtml" indent="no" encoding="UTF-8"/>

  <xsl:variable name="months" as="xs:string*" select="('gennaio', 'febbraio', 'marzo', 'aprile', 'maggio', 'giugno',
      'luglio', 'agosto', 'settembre', 'ottobre', 'novembre', 'dicembre')"/>

  <!-- 20 gennaio 2026, and 1° for the first -->
  <xsl:function name="e:date" as="xs:string">
    <xsl:param name="date" as="xs:date"/>
    <xsl:variable name="d" select="day-from-date($date)"/>
    <xsl:sequence select="(if ($d = 1) then '1°' else string($d)) || ' ' || $months[month-from-date($date)] || ' ' || year-from-date($date)"/>
  </xsl:function>

  <!-- 20/01/2026 -->
  <xsl:function name="e:short" as="xs:string">
    <xsl:param name="date" as="xs:date"/>
    <xsl:sequence select="format-date($date, '[D01]/[M01]/[Y0001]')"/>
  </xsl:function>

  <xsl:function name="e:birth" as="xs:string">
    <xsl:param name="person" as="element()"/>
    <xsl:sequence select="(if ($person/sex = 'F') then 'nata il ' else if ($person/sex = 'M') then 'nato il ' else 'data di nascita: ')
        || e:date(xs:date($person/birthDate))"/>
  </xsl:function>

  <xsl:template match="/esenzione">
    <html xmlns="http://www.w3.org/1999/xhtml" lang="it-IT">
      <head>
        <title>Promemoria dell’esenzione {exemption/code} n. {number}, versione {version}</title>
        <meta name="author" content="{region}, {asl}"/>
        <meta name="subject" content="Promemoria di esenzione n. {number}, versione {version}"/>
        <meta name="date" content="{translate(issued, '-', '')}"/>
      </head>
      <body>
        <div class="foot">Promemoria di esenzione n. {number}, versione {version} · stampato il {e:date(xs:date(issued))}</div>
        <div class="head">{region} · {asl} · Promemoria di esenzione n. {number}, versione {version}</div>
        <table class="letterhead"><tbody><tr>
          <td>
            <p class="region">{region}</p>
            <p class="asl">{asl}</p>
            <xsl:if test="contacts"><p class="contacts">{replace(contacts, '^(tel:|mailto:|https?://)', '')}</p></xsl:if>
          </td>
          <td class="office"><p>Servizio sanitario regionale</p><p>Esenzioni dalla partecipazione al costo</p></td>
        </tr></tbody></table>

        <h1>Promemoria di esenzione</h1>
        <p class="subtitle">dalla partecipazione al costo delle prestazioni sanitarie</p>

        <table class="identity"><tbody><tr>
          <td class="person">
            <p class="label">Beneficiario</p>
            <p class="name">{string-join((person/family, person/given), ' ')}</p>
            <xsl:if test="person/birthDate"><p>{e:birth(person)}</p></xsl:if>
            <p>codice fiscale <span class="bold">{person/fiscalCode}</span></p>
          </td>
          <td>
            <p class="label">Promemoria</p>
            <p class="number">n. {number}</p>
            <p>versione <span class="bold">{version}</span></p>
            <p>stampato il {e:date(xs:date(issued))}</p>
          </td>
        </tr></tbody></table>

        <table class="exemption"><tbody>
          <tr><td class="what"><p class="label">Codice dell’esenzione</p></td><td><p class="code">{exemption/code}</p></td></tr>
          <tr><td class="what"><p class="label">Descrizione</p></td><td><p class="value">{exemption/title}</p><xsl:if test="exemption/group != exemption/title"><p class="label">{exemption/group}</p></xsl:if></td></tr>
          <tr><td class="what"><p class="label">Diagnosi</p></td><td><p>{if (exemption/diagnosis) then string-join((exemption/diagnosis, exemption/diagnosisTitle), ' - ') else '-'}</p></td></tr>
          <tr><td class="what"><p class="label">Valida dal</p></td><td><p class="value">{e:date(xs:date(exemption/from))}</p></td></tr>
          <tr><td class="what"><p class="label">Valida fino al</p></td><td><p class="value">{if (exemption/to) then e:date(xs:date(exemption/to)) || ' compreso' else 'illimitata'}</p></td></tr>
          <tr><td class="what"><p class="label">Rilasciata da</p></td><td><p>{exemption/asl}</p></td></tr>
          <xsl:if test="exemption/pratica"><tr><td class="what"><p class="label">Pratica numero</p></td><td><p>{exemption/pratica}</p></td></tr></xsl:if>
        </tbody></table>

        <xsl:if test="service">
          <h2>Prestazioni esenti</h2>
          <ul><xsl:for-each select="service"><li>{.}</li></xsl:for-each></ul>
        </xsl:if>

        <h2>Come si usa</h2>
        <p>Il medico scrive il codice {exemption/code} sulla ricetta delle prestazioni che l’esenzione comprende; senza il codice sulla ricetta il ticket è dovuto. L’elenco delle esenzioni in vigore rilasciate con questo servizio è nell’attestato di esenzione: questo promemoria ne riporta una sola e non lo sostituisce.</p>

        <h2>Dove si verifica</h2>
        <p>L’esenzione è registrata nell’anagrafe sanitaria regionale (AURA), dove le strutture sanitarie ne controllano la validità con il codice fiscale. {if (xs:integer(version) gt 1) then 'Questo promemoria sostituisce quelli stampati prima per la stessa esenzione.' else ()}</p>
      </body>
    </html>
  </xsl:template>
</xsl:stylesheet>
