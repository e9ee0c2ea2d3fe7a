<?xml version="1.0" encoding="UTF-8"?>
<!-- The sections with their codes and entries. What a person reads in them is in narrative.xsl. -->
<xsl:stylesheet version="3.0"
                xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:xs="http://www.w3.org/2001/XMLSchema"
                xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                xmlns:rsa="urn:it:snodo:rsa"
                xmlns="urn:hl7-org:v3"
                exclude-result-prefixes="#all">

  <!-- ===== What the sections are about ===== -->

  <xsl:variable name="service-name" as="xs:string"
                select="(rsa:words(($resolved/serviceDescription, $request/service/description)),
                         'visita specialistica')[1]"/>

  <!-- Dotted ICD-9-CM. Fillers (F and three digits) mean "no code" in the region's tables and never leave the house. -->
  <xsl:variable name="diagnosis-code" as="xs:string?"
                select="rsa:code($resolved/diagnosisCode)[not(matches(., '^F[0-9]'))]"/>
  <xsl:variable name="diagnosis-name" as="xs:string?"
                select="rsa:words(($resolved/diagnosisDescription, $request/diagnosis/description))"/>

  <xsl:variable name="exemption-code" as="xs:string?"
                select="rsa:code(($resolved/exemptionCode, $request/exemption/code))"/>
  <xsl:variable name="exemption-name" as="xs:string?"
                select="rsa:words(($resolved/exemptionDescription, $request/exemption/description))"/>

  <!-- ===== Sections ===== -->

  <!-- Free text only: the question reaches us without a code, and none is made up for it. -->
  <xsl:template name="section-question">
    <xsl:if test="rsa:first-of($request/question)">
      <component>
        <section ID="Quesito_Diagnostico">
          <code code="29299-5" codeSystem="{$oid-loinc}" codeSystemName="LOINC" displayName="Motivo della visita"/>
          <title>Quesito Diagnostico</title>
          <text>
            <xsl:call-template name="narrate-question"/>
          </text>
        </section>
      </component>
    </xsl:if>
  </xsl:template>

  <!-- The act is the service as it is counted, the procedure within it what was done: accreditation looks for both. -->
  <xsl:template name="section-services">
    <component>
      <section ID="Prestazioni">
        <code code="62387-6" codeSystem="{$oid-loinc}" codeSystemName="LOINC" displayName="Interventi"/>
        <title>Prestazioni</title>
        <text>
          <xsl:call-template name="narrate-service"/>
        </text>
        <entry>
          <act classCode="ACT" moodCode="EVN">
            <xsl:call-template name="service-code"/>
            <effectiveTime value="{rsa:timestamp($visit-time)}"/>
            <entryRelationship typeCode="COMP">
              <procedure classCode="PROC" moodCode="EVN">
                <xsl:call-template name="service-code"/>
                <effectiveTime value="{rsa:timestamp($visit-time)}"/>
              </procedure>
            </entryRelationship>
          </act>
        </entry>
      </section>
    </component>
  </xsl:template>

  <!-- A service without a code of a known catalogue is described in words alone. -->
  <xsl:template name="service-code">
    <xsl:variable name="code" select="rsa:code($resolved/serviceCode)"/>
    <xsl:variable name="system" select="rsa:code($resolved/serviceSystem)"/>
    <code>
      <xsl:choose>
        <xsl:when test="$code and $system">
          <xsl:attribute name="code" select="$code"/>
          <xsl:attribute name="codeSystem" select="$system"/>
          <xsl:attribute name="codeSystemName" select="'Catalogo delle prestazioni'"/>
          <xsl:attribute name="displayName" select="$service-name"/>
        </xsl:when>
        <xsl:otherwise>
          <xsl:attribute name="nullFlavor" select="'UNK'"/>
        </xsl:otherwise>
      </xsl:choose>
      <originalText><reference value="#prestazione-1"/></originalText>
    </code>
  </xsl:template>

  <xsl:template name="section-report">
    <component>
      <section ID="Referto">
        <code code="47045-0" codeSystem="{$oid-loinc}" codeSystemName="LOINC" displayName="Referto"/>
        <title>Referto</title>
        <text>
          <xsl:call-template name="narrate-report"/>
        </text>
      </section>
    </component>
  </xsl:template>

  <!-- With a real code there is an entry; without one the profile allows none, so the section is words only. -->
  <xsl:template name="section-diagnosis">
    <xsl:if test="$diagnosis-code or $diagnosis-name or $request/diagnosis">
      <component>
        <section ID="Diagnosi">
          <code code="29548-5" codeSystem="{$oid-loinc}" codeSystemName="LOINC" displayName="Diagnosi"/>
          <title>Diagnosi</title>
          <text>
            <xsl:call-template name="narrate-diagnosis"/>
          </text>
          <xsl:if test="$diagnosis-code">
            <entry>
              <observation classCode="OBS" moodCode="EVN">
                <code code="29308-4" codeSystem="{$oid-loinc}" codeSystemName="LOINC" displayName="Diagnosi"/>
                <statusCode code="completed"/>
                <effectiveTime value="{rsa:timestamp($visit-time)}"/>
                <value xsi:type="CD" code="{$diagnosis-code}" codeSystem="{$oid-icd9cm}" codeSystemName="ICD9-CM">
                  <xsl:if test="$diagnosis-name">
                    <xsl:attribute name="displayName" select="$diagnosis-name"/>
                  </xsl:if>
                  <originalText><reference value="#diagnosi-1"/></originalText>
                </value>
              </observation>
            </entry>
          </xsl:if>
        </section>
      </component>
    </xsl:if>
  </xsl:template>

  <!-- The profile has no section for exemptions and refuses one; here their code may stand as an act. -->
  <xsl:template name="section-conclusions">
    <xsl:if test="rsa:first-of($request/conclusions) or $exemption-code or $exemption-name">
      <component>
        <section ID="Conclusioni">
          <code code="55110-1" codeSystem="{$oid-loinc}" codeSystemName="LOINC" displayName="Conclusioni"/>
          <title>Conclusioni</title>
          <text>
            <xsl:call-template name="narrate-conclusions"/>
          </text>
          <xsl:call-template name="exemption-entry"/>
        </section>
      </component>
    </xsl:if>
  </xsl:template>

  <xsl:template name="exemption-entry">
    <xsl:variable name="system" select="rsa:code($resolved/exemptionSystem)"/>
    <xsl:if test="$exemption-code and $system">
      <entry>
        <act classCode="ACT" moodCode="EVN">
          <code code="{$exemption-code}" codeSystem="{$system}"
                codeSystemName="{if ($system eq $oid-national-exemptions) then 'Catalogo nazionale delle esenzioni'
                                 else 'Catalogo regionale delle esenzioni'}">
            <xsl:if test="$exemption-name">
              <xsl:attribute name="displayName" select="$exemption-name"/>
            </xsl:if>
            <originalText><reference value="#esenzione-1"/></originalText>
          </code>
          <effectiveTime>
            <low value="{rsa:datestamp($exemption-start)}"/>
          </effectiveTime>
        </act>
      </entry>
    </xsl:if>
  </xsl:template>

  <!-- The condition gives right to the exemption from the day it was certified, unless the tables say another. -->
  <xsl:variable name="exemption-start" as="xs:date"
                select="if ($resolved/exemptionStart) then xs:date($resolved/exemptionStart) else xs:date($visit-time)"/>

</xsl:stylesheet>
