<?xml version="1.0" encoding="UTF-8"?>
<!-- Small facts that every part of the document needs: text, times, telephone numbers, identifiers. -->
<xsl:stylesheet version="3.0"
                xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:xs="http://www.w3.org/2001/XMLSchema"
                xmlns:rsa="urn:it:snodo:rsa"
                exclude-result-prefixes="#all">

  <!-- ===== Text ===== -->

  <!-- The first candidate that says something, with white space tidied; nothing when none does. -->
  <xsl:function name="rsa:first-of" as="xs:string?">
    <xsl:param name="candidates" as="item()*"/>
    <xsl:sequence select="(for $candidate in $candidates return normalize-space(string($candidate))[. ne ''])[1]"/>
  </xsl:function>

  <!-- An identifier or code as it is written in a CDA: no blanks, capitals. -->
  <xsl:function name="rsa:code" as="xs:string?">
    <xsl:param name="candidates" as="item()*"/>
    <xsl:sequence select="rsa:first-of($candidates) ! upper-case(translate(., ' ', ''))"/>
  </xsl:function>

  <!-- Words for people: the tables use a lone hyphen where they have none. -->
  <xsl:function name="rsa:words" as="xs:string?">
    <xsl:param name="candidates" as="item()*"/>
    <xsl:sequence select="rsa:first-of($candidates[matches(string(.), '\p{L}')])"/>
  </xsl:function>

  <!-- ===== Times ===== -->

  <!-- The moment by the clock in Italy. Senders also speak UTC, and a patient must read the hour of the visit as it
       was. European rule: summer time from the last Sunday of March to that of October, both at 1:00 UTC. -->
  <xsl:function name="rsa:italian-time" as="xs:dateTime">
    <xsl:param name="moment" as="xs:dateTime"/>
    <xsl:variable name="utc" select="adjust-dateTime-to-timezone($moment, xs:dayTimeDuration('PT0S'))"/>
    <xsl:variable name="year" select="format-integer(year-from-dateTime($utc), '0000')"/>
    <xsl:variable name="summer"
                  select="$utc ge rsa:one-o-clock-on-last-sunday($year || '-03-31')
                          and $utc lt rsa:one-o-clock-on-last-sunday($year || '-10-31')"/>
    <xsl:sequence select="adjust-dateTime-to-timezone($utc, xs:dayTimeDuration(if ($summer) then 'PT2H' else 'PT1H'))"/>
  </xsl:function>

  <xsl:function name="rsa:one-o-clock-on-last-sunday" as="xs:dateTime">
    <xsl:param name="last-day-of-month" as="xs:string"/>
    <xsl:variable name="day" select="xs:date($last-day-of-month)"/>
    <!-- 4 January 1970 was a Sunday. -->
    <xsl:variable name="days-since-sunday"
                  select="(($day - xs:date('1970-01-04')) div xs:dayTimeDuration('P1D')) mod 7"/>
    <xsl:variable name="sunday" select="$day - xs:dayTimeDuration('P1D') * $days-since-sunday"/>
    <xsl:sequence select="xs:dateTime(string($sunday) || 'T01:00:00Z')"/>
  </xsl:function>

  <!-- yyyyMMddHHmmss+HHMM. -->
  <xsl:function name="rsa:timestamp" as="xs:string">
    <xsl:param name="moment" as="xs:dateTime"/>
    <xsl:variable name="iso" select="string($moment)"/>
    <xsl:variable name="offset"
                  select="if (ends-with($iso, 'Z')) then '+0000'
                          else translate(substring($iso, string-length($iso) - 5), ':', '')"/>
    <xsl:sequence select="translate(substring($iso, 1, 19), '-T:', '') || $offset"/>
  </xsl:function>

  <!-- yyyyMMdd. -->
  <xsl:function name="rsa:datestamp" as="xs:string">
    <xsl:param name="date" as="xs:date"/>
    <xsl:sequence select="translate(substring(string($date), 1, 10), '-', '')"/>
  </xsl:function>

  <!-- "1° marzo 2026". -->
  <xsl:function name="rsa:date-in-words" as="xs:string">
    <xsl:param name="date" as="xs:date"/>
    <xsl:variable name="day" select="day-from-date($date)"/>
    <xsl:variable name="month"
                  select="('gennaio', 'febbraio', 'marzo', 'aprile', 'maggio', 'giugno', 'luglio', 'agosto',
                           'settembre', 'ottobre', 'novembre', 'dicembre')[month-from-date($date)]"/>
    <xsl:sequence select="$day || '°'[$day eq 1] || ' ' || $month || ' ' || year-from-date($date)"/>
  </xsl:function>

  <!-- "1° marzo 2026, alle ore 10:15"; midnight is what a date without an hour looks like, and is not said. -->
  <xsl:function name="rsa:moment-in-words" as="xs:string">
    <xsl:param name="moment" as="xs:dateTime"/>
    <xsl:variable name="clock" select="substring(string($moment), 12, 5)"/>
    <xsl:sequence select="rsa:date-in-words(xs:date($moment))
                          || (if ($clock eq '00:00') then '' else ', alle ore ' || $clock)"/>
  </xsl:function>

  <!-- ===== Telephone and mail ===== -->

  <!-- Addresses as URIs, from what people type: several numbers in one field, blanks, dots, an extension in words. -->
  <xsl:function name="rsa:telecoms" as="xs:string*">
    <xsl:param name="typed" as="item()*"/>
    <xsl:for-each select="$typed ! tokenize(normalize-space(string(.)), '\s*[;,]\s*|\s+[/-]\s+')">
      <xsl:choose>
        <!-- Only what can be nothing else: a stray percent sign or bracket would not be a URI any more. -->
        <xsl:when test="matches(., '^(fax|http|https):[A-Za-z0-9._+/?=&amp;-]+$')">
          <xsl:sequence select="."/>
        </xsl:when>
        <xsl:when test="contains(., '@')">
          <xsl:variable name="mail" select="replace(translate(., ' ', ''), '^mailto:', '', 'i')"/>
          <xsl:if test="matches($mail, '^[A-Za-z0-9._+''-]+@[A-Za-z0-9.-]+$')">
            <xsl:sequence select="'mailto:' || $mail"/>
          </xsl:if>
        </xsl:when>
        <xsl:otherwise>
          <!-- The number ends where words begin: "011 5661566 int. 3" is 0115661566. -->
          <xsl:variable name="number"
                        select="tokenize(replace(., '^(tel|cell)[.:]?\s*', '', 'i'), '[^+0-9 ./()-]')[1]"/>
          <xsl:variable name="dialled" select="translate($number, ' ./()-', '')"/>
          <xsl:if test="matches($dialled, '^\+?[0-9]{3,}$')">
            <xsl:sequence select="'tel:' || $dialled"/>
          </xsl:if>
        </xsl:otherwise>
      </xsl:choose>
    </xsl:for-each>
  </xsl:function>

  <!-- A mobile number is MC wherever it belongs; anything else has the use its owner gives it. -->
  <xsl:function name="rsa:telecom-use" as="xs:string">
    <xsl:param name="uri" as="xs:string"/>
    <xsl:param name="otherwise" as="xs:string"/>
    <xsl:sequence select="if (matches($uri, '^tel:(\+39|0039)?3[0-9]{8,9}$')) then 'MC' else $otherwise"/>
  </xsl:function>

  <!-- ===== Identifiers ===== -->

  <xsl:variable name="oid-fiscal-code" as="xs:string" select="'2.16.840.1.113883.2.9.4.3.2'"/>
  <xsl:variable name="oid-team-personal" as="xs:string" select="'2.16.840.1.113883.2.9.4.3.3'"/>
  <xsl:variable name="oid-team-card" as="xs:string" select="'2.16.840.1.113883.2.9.4.3.7'"/>
  <xsl:variable name="oid-nre" as="xs:string" select="'2.16.840.1.113883.2.9.4.3.9'"/>
  <xsl:variable name="oid-stp" as="xs:string" select="'2.16.840.1.113883.2.9.4.3.17'"/>
  <xsl:variable name="oid-eni" as="xs:string" select="'2.16.840.1.113883.2.9.4.3.18'"/>
  <xsl:variable name="oid-azienda" as="xs:string" select="'2.16.840.1.113883.2.9.4.1.1'"/>
  <xsl:variable name="oid-hospital" as="xs:string" select="'2.16.840.1.113883.2.9.4.1.2'"/>
  <xsl:variable name="oid-unit" as="xs:string" select="'2.16.840.1.113883.2.9.4.1.6'"/>
  <xsl:variable name="oid-regions" as="xs:string" select="'2.16.840.1.113883.2.9.2.'"/>
  <xsl:variable name="oid-loinc" as="xs:string" select="'2.16.840.1.113883.6.1'"/>
  <xsl:variable name="oid-icd9cm" as="xs:string" select="'2.16.840.1.113883.6.103'"/>
  <xsl:variable name="oid-national-exemptions" as="xs:string" select="'2.16.840.1.113883.2.9.6.1.22'"/>

  <xsl:variable name="ministry-of-health" as="xs:string" select="'Ministero della Salute'"/>

  <!-- The region's arc, such as 2.16.840.1.113883.2.9.2.10: by its code, else by the documents' own root. -->
  <xsl:variable name="region-root" as="xs:string"
                select="$oid-regions
                        || (if (matches($resolved/regionCode, '^[0-9]+$'))
                            then replace($resolved/regionCode, '^0+', '')
                            else substring-before(substring-after($identity/idRoot, $oid-regions) || '.', '.'))"/>

  <!-- Six digits, region and company; nothing when no table and no sender says it. -->
  <xsl:variable name="azienda-code" as="xs:string?"
                select="rsa:code(($resolved/azienda/code, $request/encounter/azienda))"/>

</xsl:stylesheet>
