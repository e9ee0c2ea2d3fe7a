<?xml version="1.0" encoding="UTF-8"?>
<!--
  The sentences and the table that a person reads, in Italian.

  A document under leggi speciali (V) says no more than it must: not that these laws apply, nor which ward the person
  was seen in, whose name alone may tell why. The same silence covers what a minor keeps from a parent.
-->
<xsl:stylesheet version="3.0"
                xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:xs="http://www.w3.org/2001/XMLSchema"
                xmlns:rsa="urn:it:snodo:rsa"
                xmlns="urn:hl7-org:v3"
                exclude-result-prefixes="#all">

  <xsl:template name="narrate-question">
    <xsl:call-template name="written-by-doctor">
      <xsl:with-param name="texts" select="$request/question"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template name="narrate-service">
    <paragraph>
      <xsl:text>In data </xsl:text>
      <xsl:value-of select="rsa:moment-in-words($visit-time)"/>
      <xsl:text>, </xsl:text>
      <xsl:value-of select="rsa:place-of-visit()"/>
      <xsl:text>è stata eseguita la seguente prestazione: </xsl:text>
      <content ID="prestazione-1"><xsl:value-of select="rsa:without-full-stop($service-name)"/></content>
      <xsl:text>.</xsl:text>
    </paragraph>
  </xsl:template>

  <!-- "presso Cardiologia (Ospedale Maggiore), ", or nothing. -->
  <xsl:function name="rsa:place-of-visit" as="xs:string">
    <xsl:variable name="unit" select="rsa:words(($resolved/unitName, $request/encounter/unitName))"/>
    <xsl:variable name="structure"
                  select="rsa:words(($resolved/structure/name, $request/encounter/structureName))"/>
    <xsl:sequence select="if ($confidentiality eq 'V' or empty(($unit, $structure))) then ''
                          else if ($unit and $structure and $unit ne $structure)
                          then 'presso ' || $unit || ' (' || $structure || '), '
                          else 'presso ' || ($unit, $structure)[1] || ', '"/>
  </xsl:function>

  <xsl:template name="narrate-report">
    <xsl:variable name="number" select="rsa:first-of($identity/certificateNumber)[. ne '0']"/>
    <xsl:variable name="written" select="exists(rsa:first-of($request/pathology))"/>
    <paragraph>
      <xsl:text>Con il presente certificato</xsl:text>
      <xsl:if test="$number">
        <xsl:text>, numero </xsl:text>
        <xsl:value-of select="$number"/>
        <xsl:text>,</xsl:text>
      </xsl:if>
      <xsl:choose>
        <xsl:when test="$written">
          <xsl:text> si attesta che la persona assistita presenta la seguente condizione o malattia:</xsl:text>
        </xsl:when>
        <!-- The doctor wrote no description: the words of the tables must do. -->
        <xsl:when test="$diagnosis-name or $exemption-name">
          <xsl:text> si attesta che la persona assistita presenta la seguente condizione o malattia: </xsl:text>
          <xsl:value-of select="rsa:without-full-stop(($diagnosis-name, $exemption-name)[1])"/>
          <xsl:text>.</xsl:text>
        </xsl:when>
        <xsl:otherwise>
          <xsl:text> si attesta la condizione accertata nella visita sopra riportata.</xsl:text>
        </xsl:otherwise>
      </xsl:choose>
    </paragraph>
    <xsl:if test="$written">
      <xsl:call-template name="written-by-doctor">
        <xsl:with-param name="texts" select="$request/pathology"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="$version gt 1">
      <paragraph>Questo certificato prende il posto della versione precedente, che non è più valida.</paragraph>
    </xsl:if>
  </xsl:template>

  <xsl:template name="narrate-diagnosis">
    <paragraph>
      <xsl:choose>
        <xsl:when test="$diagnosis-code and $diagnosis-name">
          <xsl:text>La diagnosi è: </xsl:text>
          <content ID="diagnosi-1"><xsl:value-of select="rsa:without-full-stop($diagnosis-name)"/></content>
          <xsl:text> (codice ICD-9-CM </xsl:text>
          <xsl:value-of select="$diagnosis-code"/>
          <xsl:text>).</xsl:text>
        </xsl:when>
        <xsl:when test="$diagnosis-code">
          <xsl:text>La diagnosi è quella descritta nel referto, classificata con il </xsl:text>
          <content ID="diagnosi-1">codice ICD-9-CM <xsl:value-of select="$diagnosis-code"/></content>
          <xsl:text>.</xsl:text>
        </xsl:when>
        <xsl:when test="$diagnosis-name">
          <xsl:text>La diagnosi è: </xsl:text>
          <xsl:value-of select="rsa:without-full-stop($diagnosis-name)"/>
          <xsl:text>.</xsl:text>
        </xsl:when>
        <xsl:otherwise>
          <xsl:text>La diagnosi è quella descritta nel referto; per questa condizione non è previsto un codice.</xsl:text>
        </xsl:otherwise>
      </xsl:choose>
    </paragraph>
  </xsl:template>

  <xsl:template name="narrate-conclusions">
    <xsl:call-template name="written-by-doctor">
      <xsl:with-param name="texts" select="$request/conclusions"/>
    </xsl:call-template>
    <xsl:if test="$exemption-code or $exemption-name">
      <paragraph>
        <xsl:text>Sulla base di questo certificato si può chiedere l'esenzione dalla partecipazione alla spesa </xsl:text>
        <xsl:text>sanitaria (ticket) descritta di seguito.</xsl:text>
      </paragraph>
      <xsl:call-template name="exemption-table"/>
    </xsl:if>
  </xsl:template>

  <xsl:template name="exemption-table">
    <xsl:variable name="family" select="rsa:words($resolved/exemptionFamily)"/>
    <xsl:variable name="regime" select="rsa:words($resolved/regimeText)"/>
    <table>
      <tbody>
        <tr>
          <th>Esenzione</th>
          <td>
            <content ID="esenzione-1">
              <xsl:value-of select="string-join((rsa:without-full-stop($exemption-name),
                                                 $exemption-code ! ('codice ' || .)), ', ')"/>
            </content>
          </td>
        </tr>
        <xsl:if test="$family">
          <tr><th>Tipo di esenzione</th><td><xsl:value-of select="$family"/></td></tr>
        </xsl:if>
        <tr>
          <th>Decorrenza</th>
          <td>dal giorno <xsl:value-of select="rsa:date-in-words($exemption-start)"/></td>
        </tr>
        <xsl:if test="$regime">
          <tr><th>Regime</th><td><xsl:value-of select="$regime"/></td></tr>
        </xsl:if>
      </tbody>
    </table>
  </xsl:template>

  <!-- ===== Text as the doctor wrote it ===== -->

  <!-- Each text is a paragraph; an empty line inside it begins another, a line break stays a line break. -->
  <xsl:template name="written-by-doctor">
    <xsl:param name="texts" as="element()*"/>
    <xsl:for-each select="$texts ! tokenize(replace(string(.), '\r\n?', '&#xA;'), '\n[ \t]*\n')[normalize-space()]">
      <paragraph>
        <xsl:for-each select="tokenize(., '\n')[normalize-space()]">
          <xsl:if test="position() gt 1">
            <br/>
          </xsl:if>
          <xsl:value-of select="normalize-space(.)"/>
        </xsl:for-each>
      </paragraph>
    </xsl:for-each>
  </xsl:template>

  <!-- For words that go into the middle of a sentence. -->
  <xsl:function name="rsa:without-full-stop" as="xs:string?">
    <xsl:param name="words" as="xs:string?"/>
    <xsl:sequence select="$words ! replace(., '\s*\.\s*$', '')"/>
  </xsl:function>

</xsl:stylesheet>
