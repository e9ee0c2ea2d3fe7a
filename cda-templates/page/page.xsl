<?xml version="1.0" encoding="UTF-8"?>
<!--
  The page a person reads, made from an RSA (CDA R2): input the CDA, output XHTML for page.css.
  It looks nothing up and knows no single template of ours: any RSA must come out readable, with the sections
  in the order of the document and their narrative as it was written.
-->
<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:xs="http://www.w3.org/2001/XMLSchema"
                xmlns:map="http://www.w3.org/2005/xpath-functions/map"
                xmlns:p="urn:it.snodo:page"
                xpath-default-namespace="urn:hl7-org:v3"
                exclude-result-prefixes="#all" expand-text="yes">

  <xsl:output method="xhtml" indent="no" encoding="UTF-8"/>

  <!-- Words for codes ================================================================================= -->

  <!-- Arc of the region in the OIDs 2.16.840.1.113883.2.9.2.<arc>.… -->
  <xsl:variable name="regions" as="map(xs:string, xs:string)" select="map {
      '10': 'Regione Piemonte', '20': 'Regione Autonoma Valle d''Aosta', '30': 'Regione Lombardia',
      '41': 'Provincia Autonoma di Bolzano', '42': 'Provincia Autonoma di Trento', '50': 'Regione del Veneto',
      '60': 'Regione Autonoma Friuli Venezia Giulia', '70': 'Regione Liguria', '80': 'Regione Emilia-Romagna',
      '90': 'Regione Toscana', '100': 'Regione Umbria', '110': 'Regione Marche', '120': 'Regione Lazio',
      '130': 'Regione Abruzzo', '140': 'Regione Molise', '150': 'Regione Campania', '160': 'Regione Puglia',
      '170': 'Regione Basilicata', '180': 'Regione Calabria', '190': 'Regione Siciliana',
      '200': 'Regione Autonoma della Sardegna' }"/>

  <xsl:variable name="id-words" as="map(xs:string, xs:string)" select="map {
      '2.16.840.1.113883.2.9.4.3.2': 'Codice fiscale',
      '2.16.840.1.113883.2.9.4.3.7': 'Tessera europea (TEAM) n.',
      '2.16.840.1.113883.2.9.4.3.3': 'Identificativo personale TEAM',
      '2.16.840.1.113883.2.9.4.3.17': 'Codice STP',
      '2.16.840.1.113883.2.9.4.3.18': 'Codice ENI',
      '2.16.840.1.113883.2.9.4.3.15': 'Identificativo ANA' }"/>

  <xsl:variable name="sexes" as="map(xs:string, xs:string)"
                select="map { 'M': 'Maschile', 'F': 'Femminile', 'UN': 'Non definito' }"/>

  <xsl:variable name="priorities" as="map(xs:string, xs:string)"
                select="map { 'R': 'Ordinaria', 'P': 'Preferenziale', 'UR': 'Urgente', 'EM': 'Emergenza' }"/>

  <xsl:variable name="styles" as="map(xs:string, xs:string)"
                select="map { 'bold': 'bold', 'italics': 'italic', 'italic': 'italic', 'emphasis': 'italic', 'underline': 'underline' }"/>

  <xsl:variable name="months" as="xs:string*" select="('gennaio', 'febbraio', 'marzo', 'aprile', 'maggio', 'giugno',
      'luglio', 'agosto', 'settembre', 'ottobre', 'novembre', 'dicembre')"/>

  <!-- Functions ======================================================================================== -->

  <!-- HL7 time to 01/03/2026; what is no date is shown as it is. -->
  <xsl:function name="p:day" as="xs:string">
    <xsl:param name="value" as="xs:string?"/>
    <xsl:variable name="v" select="normalize-space($value)"/>
    <xsl:sequence select="if (matches($v, '^\d{8}')) then substring($v, 7, 2) || '/' || substring($v, 5, 2) || '/' || substring($v, 1, 4)
        else if (matches($v, '^\d{6}')) then substring($v, 5, 2) || '/' || substring($v, 1, 4)
        else $v"/>
  </xsl:function>

  <!-- HL7 time to 1 marzo 2026, or 1 marzo 2026, ore 10:15 when it says the hour. -->
  <xsl:function name="p:moment" as="xs:string">
    <xsl:param name="value" as="xs:string?"/>
    <xsl:variable name="v" select="normalize-space($value)"/>
    <xsl:variable name="month" select="if (matches($v, '^\d{8}')) then $months[xs:integer(substring($v, 5, 2))] else ()"/>
    <xsl:choose>
      <xsl:when test="empty($month)"><xsl:sequence select="p:day($v)"/></xsl:when>
      <xsl:otherwise>
        <xsl:variable name="d" select="xs:integer(substring($v, 7, 2))"/>
        <xsl:sequence select="(if ($d = 1) then '1°' else string($d)) || ' ' || $month || ' ' || substring($v, 1, 4)
            || (if (matches($v, '^\d{12}')) then ', ore ' || substring($v, 9, 2) || ':' || substring($v, 11, 2) else '')"/>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:function>

  <xsl:function name="p:hour" as="xs:string">
    <xsl:param name="value" as="xs:string"/>
    <xsl:sequence select="substring($value, 9, 2) || ':' || substring($value, 11, 2)"/>
  </xsl:function>

  <!-- A period: one moment, from… to…, or the hours alone when both ends are on one day. -->
  <xsl:function name="p:period" as="xs:string">
    <xsl:param name="time" as="element()?"/>
    <xsl:variable name="low" select="string(($time/low/@value, $time/@value)[1])"/>
    <xsl:variable name="high" select="string($time/high/@value)"/>
    <xsl:sequence select="if ($high = '' or $high = $low) then p:moment($low)
        else if (substring($low, 1, 8) = substring($high, 1, 8) and matches($low, '^\d{12}') and matches($high, '^\d{12}'))
          then p:moment(substring($low, 1, 8)) || ', dalle ' || p:hour($low) || ' alle ' || p:hour($high)
        else p:article('d', $low) || p:moment($low) || ' ' || p:article('', $high) || p:moment($high)"/>
  </xsl:function>

  <!-- "dal 9 novembre", "all’11 novembre"; what is no day of a month has no article. -->
  <xsl:function name="p:article" as="xs:string">
    <xsl:param name="before" as="xs:string"/>
    <xsl:param name="value" as="xs:string"/>
    <xsl:sequence select="if (not(matches($value, '^\d{8}'))) then $before || 'a '
        else if (substring($value, 7, 2) = ('08', '11')) then $before || 'all’'
        else $before || 'al '"/>
  </xsl:function>

  <!-- Prefix, given and family name, in this order. A masked name is said to be so. -->
  <xsl:function name="p:name" as="xs:string">
    <xsl:param name="name" as="element()?"/>
    <xsl:variable name="words" select="($name/prefix, $name/given, $name/family, $name/suffix) ! normalize-space() [. != '']"/>
    <xsl:sequence select="if (exists($words)) then string-join($words, ' ')
        else if ($name//@nullFlavor = 'MSK' or $name/@nullFlavor = 'MSK') then 'Dato non esposto'
        else normalize-space(string($name))"/>
  </xsl:function>

  <xsl:function name="p:organization" as="xs:string">
    <xsl:param name="name" as="element()?"/>
    <xsl:sequence select="normalize-space(string($name))"/>
  </xsl:function>

  <!-- Via Roma 1, 10100 Torino (TO) -->
  <xsl:function name="p:address" as="xs:string">
    <xsl:param name="addr" as="element()?"/>
    <xsl:variable name="street" select="string-join(($addr/streetAddressLine, $addr/streetName, $addr/houseNumber) ! normalize-space() [. != ''], ' ')"/>
    <xsl:variable name="city" select="p:place($addr)"/>
    <xsl:variable name="town" select="string-join((normalize-space($addr/postalCode), $city)[. != ''], ' ')"/>
    <xsl:sequence select="string-join(($street, $town)[. != ''], ', ')"/>
  </xsl:function>

  <xsl:function name="p:place" as="xs:string">
    <xsl:param name="addr" as="element()?"/>
    <xsl:variable name="city" select="normalize-space($addr/city[1])"/>
    <xsl:variable name="county" select="normalize-space($addr/county[1])"/>
    <!-- 100 is Italy in the national examples; other values are ISTAT numbers unless they are words -->
    <xsl:variable name="country" select="normalize-space($addr/country[1])"/>
    <xsl:sequence select="$city || (if ($county != '' and $city != '' and upper-case($county) != upper-case($city)) then ' (' || $county || ')' else '')
        || (if ($country != '' and not(matches($country, '^\d+$')) and not(upper-case($country) = ('IT', 'ITA', 'ITALIA', upper-case($city))))
            then (if ($city != '') then ', ' else '') || $country else '')"/>
  </xsl:function>

  <!-- The page ========================================================================================= -->

  <xsl:template match="/ClinicalDocument">
    <xsl:variable name="title" select="p:title(.)"/>
    <xsl:variable name="number" select="string(id/@extension)"/>
    <xsl:variable name="patient" select="recordTarget[1]/patientRole"/>
    <html xmlns="http://www.w3.org/1999/xhtml" lang="it-IT">
      <head>
        <title>{$title}</title>
        <meta name="author" content="{p:name((author/assignedAuthor/assignedPerson/name)[1])}"/>
        <meta name="subject" content="{string-join(('Documento ' || $number, 'versione ' || (versionNumber/@value, '1')[1]), ', ')}"/>
        <meta name="date" content="{normalize-space(effectiveTime/@value)}"/>
        <link rel="stylesheet" type="text/css" href="page.css"/>
      </head>
      <body>
        <div class="foot">Documento {$number} · versione {(versionNumber/@value, '1')[1]} · {p:moment(substring(effectiveTime/@value, 1, 8))}</div>
        <div class="head">{string-join(($title, p:name($patient/patient/name[1])), ' · ')}</div>

        <xsl:call-template name="letterhead"/>

        <div class="title">
          <h1>{p:before-dash($title)}</h1>
          <xsl:if test="p:after-dash($title) != ''"><p class="subtitle">{p:after-dash($title)}</p></xsl:if>
        </div>

        <xsl:call-template name="confidentiality"/>
        <xsl:call-template name="patient"/>
        <xsl:call-template name="document-data"/>

        <xsl:apply-templates select="component/structuredBody/component/section"/>
        <xsl:for-each select="component/nonXMLBody">
          <p class="note">Il contenuto clinico di questo documento è nel file allegato.</p>
        </xsl:for-each>
        <xsl:if test="empty(component/structuredBody/component/section)"><xsl:call-template name="signature"/></xsl:if>
      </body>
    </html>
  </xsl:template>

  <xsl:function name="p:title" as="xs:string">
    <xsl:param name="doc" as="element()"/>
    <xsl:variable name="own" select="normalize-space(string($doc/title))"/>
    <xsl:sequence select="if ($own != '') then $own else 'Referto di Specialistica Ambulatoriale'"/>
  </xsl:function>

  <!-- "Certificato di … – Referto di …" reads better on two lines -->
  <xsl:function name="p:before-dash" as="xs:string">
    <xsl:param name="title" as="xs:string"/>
    <xsl:sequence select="tokenize($title, ' [–—-] ')[1]"/>
  </xsl:function>
  <xsl:function name="p:after-dash" as="xs:string">
    <xsl:param name="title" as="xs:string"/>
    <xsl:sequence select="string-join(tail(tokenize($title, ' [–—-] ')), ' – ')"/>
  </xsl:function>

  <xsl:template name="letterhead">
    <xsl:variable name="region" select="$regions(replace(id/@root, '^2\.16\.840\.1\.113883\.2\.9\.2\.(\d+)(\..*)?$', '$1'))"/>
    <xsl:variable name="custodian" select="custodian/assignedCustodian/representedCustodianOrganization"/>
    <xsl:variable name="facility" select="componentOf/encompassingEncounter/location/healthCareFacility"/>
    <xsl:variable name="veryRestricted" select="confidentialityCode/@code = 'V'"/>
    <xsl:variable name="structure" select="(p:organization($facility/serviceProviderOrganization/name[1]),
        (author/assignedAuthor/representedOrganization/name)[1] ! p:organization(.))[. != ''][1]"/>
    <xsl:variable name="unit" select="p:organization($facility/location/name[1])"/>
    <xsl:variable name="azienda" select="p:organization($custodian/name[1])"/>
    <xsl:variable name="contacts" select="(p:address($custodian/addr[1]), $custodian/telecom ! p:telecom(.))[. != '']"/>
    <table xmlns="http://www.w3.org/1999/xhtml" class="letterhead"><tr>
      <td class="issuer">
        <xsl:if test="exists($region)"><p class="region">{$region}</p></xsl:if>
        <p class="azienda">{$azienda}</p>
        <xsl:if test="exists($contacts)"><p class="contacts">{string-join($contacts, ' · ')}</p></xsl:if>
      </td>
      <td class="structure">
        <xsl:if test="exists($structure) and $structure != $azienda"><p class="hospital">{$structure}</p></xsl:if>
        <!-- The ward's name alone may tell why the person was there. -->
        <xsl:if test="$unit != '' and not($unit = ($structure, $azienda)) and not($veryRestricted)"><p class="unit">{$unit}</p></xsl:if>
      </td>
    </tr></table>
  </xsl:template>

  <xsl:function name="p:telecom" as="xs:string">
    <xsl:param name="telecom" as="element()"/>
    <xsl:variable name="v" select="normalize-space($telecom/@value)"/>
    <xsl:sequence select="if (starts-with($v, 'tel:')) then 'tel. ' || substring-after($v, 'tel:')
        else if (starts-with($v, 'fax:')) then 'fax ' || substring-after($v, 'fax:')
        else replace($v, '^(mailto:|https?://)', '')"/>
  </xsl:function>

  <!-- Says that care is due without saying why: a paper may be seen by others. -->
  <xsl:template name="confidentiality">
    <xsl:choose>
      <xsl:when test="confidentialityCode/@code = 'V'">
        <p xmlns="http://www.w3.org/1999/xhtml" class="confidential"><strong>Riservatezza.</strong> Documento con dati soggetti a
          maggior tutela dell’anonimato: può essere mostrato o comunicato ad altri solo con il consenso espresso della persona
          a cui si riferisce.</p>
      </xsl:when>
      <xsl:when test="confidentialityCode/@code = 'R'">
        <p xmlns="http://www.w3.org/1999/xhtml" class="confidential"><strong>Riservatezza.</strong> Documento ad accesso
          limitato: può essere consultato solo da chi ha in cura la persona a cui si riferisce o ne ha il consenso.</p>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="patient">
    <xsl:variable name="role" select="recordTarget[1]/patientRole"/>
    <xsl:variable name="person" select="$role/patient"/>
    <xsl:variable name="birth-day" select="if ($person/birthTime/@value) then p:day($person/birthTime/@value) else 'non disponibile'"/>
    <xsl:variable name="birth-place" select="($person/birthplace/place/name ! normalize-space(), p:place($person/birthplace/place/addr[1]))[. != ''][1]"/>
    <div xmlns="http://www.w3.org/1999/xhtml" class="box">
      <h2 class="box-title">Assistito</h2>
      <p class="person">{p:name($person/name[1])}</p>
      <table class="data">
        <xsl:variable name="cells" as="element()*">
          <xsl:for-each select="$role/id[@extension]">
            <xsl:sequence select="p:cell(($id-words(@root), 'Identificativo regionale'[matches(current()/@root, '^2\.16\.840\.1\.113883\.2\.9\.2\.\d+\.4\.1')], 'Identificativo')[1],
                string(@extension))"/>
          </xsl:for-each>
          <xsl:sequence select="p:cell('Data di nascita', $birth-day)"/>
          <xsl:sequence select="p:cell('Luogo di nascita', if ($person/birthplace/@nullFlavor = 'MSK' or $person/birthplace//@nullFlavor = 'MSK') then 'Dato non esposto' else $birth-place)"/>
          <xsl:sequence select="p:cell('Sesso', ($sexes($person/administrativeGenderCode/@code), $person/administrativeGenderCode/@displayName ! string())[1])"/>
          <xsl:sequence select="p:cell('Residenza', ($role/addr[@use = 'H'] , $role/addr[not(@use) or @use = 'HP'], $role/addr)[1] ! p:address(.))"/>
          <xsl:sequence select="p:cell('Genitore o tutore', ($person/guardian/guardianPerson/name)[1] ! p:name(.))"/>
        </xsl:variable>
        <xsl:sequence select="p:rows($cells)"/>
      </table>
    </div>
  </xsl:template>

  <xsl:template name="document-data">
    <xsl:variable name="encounter" select="componentOf/encompassingEncounter"/>
    <xsl:variable name="author" select="(author/assignedAuthor)[1]"/>
    <xsl:variable name="signer" select="legalAuthenticator/assignedEntity"/>
    <xsl:variable name="version" select="(versionNumber/@value ! string(), '1')[1]"/>
    <xsl:variable name="replaced" select="relatedDocument[@typeCode = 'RPLC']/parentDocument/id[1]/@extension"/>
    <div xmlns="http://www.w3.org/1999/xhtml" class="box">
      <h2 class="box-title">Documento</h2>
      <table class="data">
        <xsl:variable name="cells" as="element()*">
          <xsl:sequence select="p:cell('Numero', string(id/@extension))"/>
          <xsl:sequence select="p:cell('Versione', $version)"/>
          <xsl:sequence select="p:cell('Data del documento', p:moment(effectiveTime/@value))"/>
          <xsl:sequence select="p:cell('Sostituisce il documento', $replaced[1] ! string())"/>
          <xsl:sequence select="p:cell(if ($encounter/code/@code = 'IMP') then 'Ricovero' else 'Data della visita', if ($encounter/effectiveTime/(low/@value | @value)) then p:period($encounter/effectiveTime) else ())"/>
          <xsl:sequence select="p:cell('Modalità di accesso', documentationOf/serviceEvent/code[1] ! (map{'PROG': 'Programmato', 'DIR': 'Diretto'}(@code), string(@displayName))[1])"/>
          <xsl:for-each select="inFulfillmentOf/order[id/@extension]">
            <xsl:variable name="words" select="if (id/@root = '2.16.840.1.113883.2.9.4.3.9') then 'Ricetta elettronica (NRE)' else 'Prescrizione'"/>
            <xsl:variable name="priority" select="$priorities(string(priorityCode/@code))"/>
            <xsl:sequence select="p:cell($words, string-join(distinct-values(id/@extension), ', '))"/>
            <xsl:sequence select="p:cell('Priorità', $priority)"/>
          </xsl:for-each>
          <xsl:sequence select="p:cell('Medico prescrittore', (participant[@typeCode = 'REF']/associatedEntity/associatedPerson/name)[1] ! p:name(.))"/>
          <xsl:choose>
            <xsl:when test="$author/assignedPerson/name and $author/id/@extension = $signer/id/@extension
                            and p:name($author/assignedPerson/name[1]) = p:name($signer/assignedPerson/name[1])">
              <xsl:sequence select="p:cell('Medico che redige e firma', p:name($author/assignedPerson/name[1]))"/>
            </xsl:when>
            <xsl:otherwise>
              <xsl:sequence select="p:cell('Redatto da', string-join(author/assignedAuthor/assignedPerson/name ! p:name(.), ', '))"/>
              <xsl:sequence select="p:cell('Firmato da', $signer/assignedPerson/name[1] ! p:name(.))"/>
            </xsl:otherwise>
          </xsl:choose>
        </xsl:variable>
        <xsl:sequence select="p:rows($cells)"/>
      </table>
    </div>
  </xsl:template>

  <!-- A label and its value; nothing when there is no value. -->
  <xsl:function name="p:cell" as="element()?">
    <xsl:param name="label" as="xs:string"/>
    <xsl:param name="value" as="xs:string?"/>
    <xsl:if test="normalize-space($value) != ''">
      <td xmlns="http://www.w3.org/1999/xhtml"><div class="label">{$label}</div><xsl:sequence select="p:whole-hours($value)"/></td>
    </xsl:if>
  </xsl:function>

  <!-- The renderer would break a line after the colon of 11:00 and before the number of all’11. -->
  <xsl:function name="p:whole-hours" as="node()*">
    <xsl:param name="value" as="xs:string"/>
    <xsl:analyze-string select="$value" regex="\d{{2}}:\d{{2}}|d?all’\d+">
      <xsl:matching-substring><span xmlns="http://www.w3.org/1999/xhtml" class="hour">{.}</span></xsl:matching-substring>
      <xsl:non-matching-substring>{.}</xsl:non-matching-substring>
    </xsl:analyze-string>
  </xsl:function>

  <!-- Three cells a row. -->
  <xsl:function name="p:rows" as="element()*">
    <xsl:param name="cells" as="element()*"/>
    <xsl:for-each-group select="$cells" group-adjacent="(position() - 1) idiv 3">
      <tr xmlns="http://www.w3.org/1999/xhtml">
        <xsl:copy-of select="current-group()"/>
        <xsl:for-each select="count(current-group()) + 1 to 3"><td/></xsl:for-each>
      </tr>
    </xsl:for-each-group>
  </xsl:function>

  <!-- Sections and narrative =========================================================================== -->

  <xsl:template match="section">
    <xsl:variable name="depth" select="count(ancestor-or-self::section)"/>
    <xsl:variable name="heading" select="(title ! normalize-space()[. != ''], code/@displayName ! normalize-space()[. != ''], 'Sezione')[1]"/>
    <div xmlns="http://www.w3.org/1999/xhtml" class="section depth-{min(($depth, 3))}">
      <xsl:element name="h{min(($depth + 1, 6))}" namespace="http://www.w3.org/1999/xhtml">{$heading}</xsl:element>
      <xsl:apply-templates select="text"/>
      <xsl:apply-templates select="component/section"/>
      <!-- Inside the last section, so that page.css can keep it with the last paragraph or table: it never stands alone on a page. -->
      <xsl:if test="$depth = 1 and empty(../following-sibling::component/section)">
        <xsl:for-each select="/ClinicalDocument"><xsl:call-template name="signature"/></xsl:for-each>
      </xsl:if>
    </div>
  </xsl:template>

  <!-- Runs of plain text and inline marks become paragraphs, so that every word on the page is in a block. -->
  <xsl:template match="text" name="blocks">
    <xsl:for-each-group select="node()" group-adjacent="exists(self::paragraph | self::list | self::table)">
      <xsl:choose>
        <xsl:when test="current-grouping-key()"><xsl:apply-templates select="current-group()"/></xsl:when>
        <xsl:when test="normalize-space(string-join(current-group())) != ''">
          <p xmlns="http://www.w3.org/1999/xhtml"><xsl:apply-templates select="current-group()"/></p>
        </xsl:when>
      </xsl:choose>
    </xsl:for-each-group>
  </xsl:template>

  <xsl:template match="paragraph">
    <!-- The sentence that introduces a table stays with it. -->
    <xsl:variable name="introduces" select="exists(following-sibling::*[1][self::table]) and string-length(.) lt 400"/>
    <xsl:variable name="marks" select="string-join((p:marks(.)[. != ''], 'keep'[$introduces]), ' ')"/>
    <xsl:if test="caption"><p xmlns="http://www.w3.org/1999/xhtml" class="caption"><xsl:apply-templates select="caption/node()"/></p></xsl:if>
    <xsl:if test="normalize-space() != '' or .//br">
      <p xmlns="http://www.w3.org/1999/xhtml">
        <xsl:if test="$marks != ''"><xsl:attribute name="class" select="$marks"/></xsl:if>
        <xsl:apply-templates select="node() except caption"/>
      </p>
    </xsl:if>
  </xsl:template>

  <xsl:template match="list">
    <xsl:if test="caption"><p xmlns="http://www.w3.org/1999/xhtml" class="caption"><xsl:apply-templates select="caption/node()"/></p></xsl:if>
    <xsl:if test="item">
      <xsl:element name="{if (@listType = 'ordered') then 'ol' else 'ul'}" namespace="http://www.w3.org/1999/xhtml">
        <xsl:apply-templates select="item"/>
      </xsl:element>
    </xsl:if>
  </xsl:template>

  <xsl:template match="item">
    <li xmlns="http://www.w3.org/1999/xhtml">
      <xsl:if test="caption"><strong><xsl:apply-templates select="caption/node()"/></strong><xsl:text> </xsl:text></xsl:if>
      <xsl:apply-templates select="node() except caption"/>
    </li>
  </xsl:template>

  <xsl:template match="table">
    <xsl:if test="caption"><p xmlns="http://www.w3.org/1999/xhtml" class="caption"><xsl:apply-templates select="caption/node()"/></p></xsl:if>
    <!-- Rows of a name and its value need no measuring of columns. -->
    <xsl:variable name="rows" select="tr, tbody/tr"/>
    <xsl:variable name="pairs" select="empty(thead) and (every $row in $rows satisfies count($row/*) = 2 and $row/th[1][not(@colspan)] and $row/td[1][not(@colspan)])"/>
    <table xmlns="http://www.w3.org/1999/xhtml" class="{string-join(('narrative', 'pairs'[$pairs], 'short'[count($rows) le 8]), ' ')}">
      <xsl:apply-templates select="thead, tbody, tr, tfoot"/>
    </table>
  </xsl:template>

  <xsl:template match="thead | tbody | tfoot">
    <xsl:if test="tr">
      <xsl:element name="{if (self::thead) then 'thead' else 'tbody'}" namespace="http://www.w3.org/1999/xhtml">
        <xsl:apply-templates select="tr"/>
      </xsl:element>
    </xsl:if>
  </xsl:template>

  <xsl:template match="tr">
    <tr xmlns="http://www.w3.org/1999/xhtml"><xsl:apply-templates select="th | td"/></tr>
  </xsl:template>

  <xsl:template match="th | td">
    <xsl:variable name="marks" select="string-join((p:marks(.), if (@align = ('right', 'center')) then string(@align) else ()), ' ')"/>
    <xsl:element name="{local-name()}" namespace="http://www.w3.org/1999/xhtml">
      <xsl:copy-of select="@colspan[matches(., '^[1-9]\d?$')], @rowspan[matches(., '^[1-9]\d?\d?$')]"/>
      <xsl:if test="self::th"><xsl:attribute name="scope" select="if (ancestor::thead) then 'col' else 'row'"/></xsl:if>
      <xsl:if test="normalize-space($marks) != ''"><xsl:attribute name="class" select="normalize-space($marks)"/></xsl:if>
      <xsl:apply-templates select="node()"/>
    </xsl:element>
  </xsl:template>

  <xsl:template match="content">
    <xsl:variable name="marks" select="p:marks(.)"/>
    <xsl:choose>
      <xsl:when test="@revised = 'delete'"><span xmlns="http://www.w3.org/1999/xhtml" class="deleted"><xsl:apply-templates/></span></xsl:when>
      <xsl:when test="$marks != ''"><span xmlns="http://www.w3.org/1999/xhtml" class="{$marks}"><xsl:apply-templates/></span></xsl:when>
      <xsl:otherwise><xsl:apply-templates/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- styleCode is a list of words such as Bold Italics; what we do not know changes nothing -->
  <xsl:function name="p:marks" as="xs:string">
    <xsl:param name="element" as="element()"/>
    <xsl:sequence select="string-join(distinct-values(tokenize(lower-case($element/@styleCode), '[\s,;]+') ! $styles(.)), ' ')"/>
  </xsl:function>

  <xsl:template match="br"><br xmlns="http://www.w3.org/1999/xhtml"/></xsl:template>
  <xsl:template match="sub"><sub xmlns="http://www.w3.org/1999/xhtml"><xsl:apply-templates/></sub></xsl:template>
  <xsl:template match="sup"><sup xmlns="http://www.w3.org/1999/xhtml"><xsl:apply-templates/></sup></xsl:template>

  <!-- On paper a link is its text and its address; nothing on the page is clickable. -->
  <xsl:template match="linkHtml">
    <xsl:apply-templates/>
    <xsl:if test="@href[not(starts-with(., '#'))] and not(contains(string(.), @href))"> ({@href})</xsl:if>
  </xsl:template>

  <xsl:template match="footnote"><span xmlns="http://www.w3.org/1999/xhtml" class="footnote"> [<xsl:apply-templates/>]</span></xsl:template>
  <xsl:template match="footnoteRef"/>
  <xsl:template match="renderMultiMedia">[{string-join(('immagine allegata', normalize-space(caption)[. != '']), ': ')}]</xsl:template>
  <xsl:template match="caption"/>
  <xsl:template match="text//text()">{replace(., '\s+', ' ')}</xsl:template>

  <!-- The end ========================================================================================== -->

  <xsl:template name="signature">
    <xsl:variable name="signer" select="legalAuthenticator/assignedEntity/assignedPerson/name[1]"/>
    <table xmlns="http://www.w3.org/1999/xhtml" class="signature"><tr>
      <td>
        <p class="note" id="substituted-characters">Il segno □ sta al posto di caratteri che questa pagina non può riprodurre:
          fa fede il testo del file cda.xml allegato.</p>
        <p class="note">Documento informatico con firma digitale PAdES: la firma si verifica sul file PDF, non sulla copia stampata.
          Il file contiene in allegato lo stesso referto in forma strutturata HL7 CDA (cda.xml), da cui questa pagina è
          ricavata.</p>
      </td>
      <xsl:if test="$signer">
        <td class="signer">
          <p><span class="label">Firma digitale di</span><br/>
            <strong>{p:name($signer)}</strong><br/>
            <span class="signed-at">{p:moment(legalAuthenticator/time/@value)}</span></p>
        </td>
      </xsl:if>
    </tr></table>
  </xsl:template>
</xsl:stylesheet>
