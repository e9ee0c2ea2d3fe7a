<?xml version="1.0" encoding="UTF-8"?>
<!--
  The attestato di esenzione: input what the hub has noted of the exemptions in force, output XHTML for attestato.css. It
  looks nothing up: names of exemptions, diagnoses and ASL come in. Nothing in it tells of leggi speciali.
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

  <xsl:template match="/attestato">
    <html xmlns="http://www.w3.org/1999/xhtml" lang="it-IT">
      <head>
        <title>Attestato di esenzione n. {number}, versione {version}</title>
        <meta name="author" content="{region}, {asl}"/>
        <meta name="subject" content="Attestato di esenzione n. {number}, versione {version}"/>
        <meta name="date" content="{translate(issued, '-', '')}"/>
      </head>
      <body>
        <div class="foot">Attestato di esenzione n. {number}, versione {version} · rilasciato il {e:date(xs:date(issued))}</div>
        <div class="head">{region} · {asl} · Attestato di esenzione n. {number}, versione {version}</div>
        <table class="letterhead"><tbody><tr>
          <td>
            <p class="region">{region}</p>
            <p class="asl">{asl}</p>
            <xsl:if test="contacts"><p class="contacts">{replace(contacts, '^(tel:|mailto:|https?://)', '')}</p></xsl:if>
          </td>
          <td class="office"><p>Servizio sanitario regionale</p><p>Esenzioni dalla partecipazione al costo</p></td>
        </tr></tbody></table>

        <h1>Attestato di esenzione</h1>
        <p class="subtitle">dalla partecipazione al costo delle prestazioni sanitarie</p>

        <table class="identity"><tbody><tr>
          <td class="person">
            <p class="label">Beneficiario</p>
            <p class="name">{string-join((person/family, person/given), ' ')}</p>
            <xsl:if test="person/birthDate"><p>{e:birth(person)}</p></xsl:if>
            <p>codice fiscale <span class="bold">{person/fiscalCode}</span></p>
          </td>
          <td>
            <p class="label">Attestato</p>
            <p class="number">n. {number}</p>
            <p>versione <span class="bold">{version}</span></p>
            <p>rilasciato il {e:date(xs:date(issued))}</p>
          </td>
        </tr></tbody></table>

        <xsl:choose>
          <xsl:when test="exemption">
            <p>Si attesta che, alla data di rilascio, {if (person/sex = 'F') then 'la beneficiaria' else 'il beneficiario'} ha diritto {if (count(exemption) = 1) then 'alla seguente esenzione' else 'alle seguenti ' || count(exemption) || ' esenzioni'}.</p>
            <table class="exemptions">
              <thead><tr>
                <th class="c-code">Codice</th><th>Descrizione</th><th class="c-diagnosis">Diagnosi</th>
                <th class="c-from">Dal</th><th class="c-to">Al</th><th class="c-asl">ASL</th>
              </tr></thead>
              <tbody>
                <xsl:for-each select="exemption">
                  <tr>
                    <td class="c-code"><p class="bold">{code}</p></td>
                    <td><p>{title}</p><xsl:if test="group != title"><p class="label">{group}</p></xsl:if></td>
                    <td class="c-diagnosis">{if (diagnosis) then string-join((diagnosis, diagnosisTitle), ' - ') else '-'}</td>
                    <td class="c-from">{e:short(xs:date(from))}</td>
                    <td class="c-to">{if (to) then e:short(xs:date(to)) else 'illimitata'}</td>
                    <td class="c-asl">{asl}</td>
                  </tr>
                </xsl:for-each>
              </tbody>
            </table>
          </xsl:when>
          <xsl:otherwise>
            <p class="none">Si attesta che, alla data di rilascio, non risultano esenzioni in vigore rilasciate con questo servizio telematico.</p>
          </xsl:otherwise>
        </xsl:choose>

        <h2>A che cosa serve</h2>
        <p>Elenca le esenzioni in vigore rilasciate con questo servizio telematico; quelle rilasciate in altro modo non vi compaiono e risultano solo in AURA. Si conserva e si mostra al medico, che scrive il codice dell’esenzione sulla ricetta delle prestazioni che essa comprende; senza il codice sulla ricetta il ticket è dovuto.</p>

        <h2>Validità</h2>
        <p>{if (xs:integer(version) gt 1)
            then 'Questa versione sostituisce ' || (if (xs:integer(version) = 2) then 'la versione 1, che non è' else 'le versioni precedenti (da 1 a ' || xs:integer(version) - 1 || '), che non sono') || ' più da usare.'
            else 'Questa è la prima versione.'} A ogni rilascio, modifica o annullamento di un’esenzione l’attestato è rifatto con una nuova versione. «Illimitata» vuol dire senza data di scadenza.</p>

        <h2>Dove si verifica</h2>
        <p>Le esenzioni sono registrate nell’anagrafe sanitaria regionale (AURA), dove le strutture sanitarie ne controllano la validità con il codice fiscale. Lo sportello di distretto della propria ASL verifica l’attestato con il suo numero e la versione.</p>
      </body>
    </html>
  </xsl:template>
</xsl:stylesheet>
