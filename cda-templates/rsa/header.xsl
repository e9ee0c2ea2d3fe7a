<?xml version="1.0" encoding="UTF-8"?>
<!-- What the document is, what it answers, what it replaces, where it was made. -->
<xsl:stylesheet version="3.0"
                xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:xs="http://www.w3.org/2001/XMLSchema"
                xmlns:rsa="urn:it:snodo:rsa"
                xmlns="urn:hl7-org:v3"
                exclude-result-prefixes="#all">

  <xsl:variable name="version" as="xs:integer" select="max((1, $identity/version ! xs:integer(.)))"/>

  <!-- A first version is its own set; a later one keeps the set of the first. -->
  <xsl:variable name="set-id" as="xs:string"
                select="if ($version eq 1) then $identity/id else rsa:first-of(($identity/setId, $identity/id))"/>

  <!-- Leggi speciali make a document V whatever else was asked for, and a word we do not know never opens one up. -->
  <xsl:variable name="confidentiality" as="xs:string"
                select="let $asked := rsa:code(($resolved/confidentiality, $request/confidentiality, 'N'))
                        return if ($request/specialLaws = 'true' or not($asked = ('N', 'R'))) then 'V' else $asked"/>

  <xsl:template name="document-identity">
    <realmCode code="IT"/>
    <typeId root="2.16.840.1.113883.1.3" extension="POCD_MT000040UV02"/>
    <!-- The gateway chooses its checks by the first templateId: there is no other. -->
    <templateId root="2.16.840.1.113883.2.9.10.1.9.1" extension="1.1"/>
    <id root="{$identity/idRoot}" extension="{$identity/id}">
      <xsl:call-template name="assigned-by-region"/>
    </id>
    <code code="11488-4" codeSystem="{$oid-loinc}" codeSystemName="LOINC" displayName="Nota di consulto"/>
    <title>Referto di Specialistica Ambulatoriale</title>
    <effectiveTime value="{rsa:timestamp($document-time)}"/>
    <confidentialityCode code="{$confidentiality}" codeSystem="2.16.840.1.113883.5.25"
                         codeSystemName="HL7 Confidentiality"
                         displayName="{if ($confidentiality eq 'N') then 'Normal'
                                       else if ($confidentiality eq 'R') then 'Restricted' else 'Very restricted'}"/>
    <languageCode code="it-IT"/>
    <setId root="{$identity/idRoot}" extension="{$set-id}">
      <xsl:call-template name="assigned-by-region"/>
    </setId>
    <versionNumber value="{$version}"/>
  </xsl:template>

  <xsl:template name="assigned-by-region">
    <xsl:variable name="name" select="rsa:words($resolved/regionName)"/>
    <xsl:if test="$name">
      <xsl:attribute name="assigningAuthorityName"
                     select="if (matches($name, '^(regione|provincia|p\.\s?a\.)', 'i')) then $name
                             else 'Regione ' || $name"/>
    </xsl:if>
  </xsl:template>

  <!-- The prescription, when there is one. How urgent it was is not told to us: routine. -->
  <xsl:template name="prescription-answered">
    <xsl:variable name="nre" select="rsa:code($request/nre)"/>
    <xsl:if test="$nre">
      <inFulfillmentOf>
        <order classCode="ACT" moodCode="RQO">
          <id root="{$oid-nre}" extension="{$nre}" assigningAuthorityName="MEF"/>
          <priorityCode code="R" codeSystem="2.16.840.1.113883.5.7" codeSystemName="HL7 ActPriority"
                        displayName="Normale"/>
        </order>
      </inFulfillmentOf>
    </xsl:if>
  </xsl:template>

  <xsl:template name="document-replaced">
    <xsl:if test="$version gt 1">
      <relatedDocument typeCode="RPLC">
        <parentDocument>
          <id root="{$identity/idRoot}" extension="{rsa:first-of(($identity/replacedId, $set-id))}">
            <xsl:call-template name="assigned-by-region"/>
          </id>
          <setId root="{$identity/idRoot}" extension="{$set-id}">
            <xsl:call-template name="assigned-by-region"/>
          </setId>
          <versionNumber value="{$version - 1}"/>
        </parentDocument>
      </relatedDocument>
    </xsl:if>
  </xsl:template>

  <!-- ===== Where and when the person was seen ===== -->

  <xsl:template name="encounter">
    <xsl:variable name="encounter" select="$request/encounter"/>
    <xsl:variable name="kind" select="rsa:code($encounter/kind)"/>
    <componentOf>
      <encompassingEncounter>
        <xsl:call-template name="encounter-id">
          <xsl:with-param name="id" select="rsa:first-of($encounter/id)"/>
          <xsl:with-param name="kind" select="$kind"/>
        </xsl:call-template>
        <xsl:choose>
          <xsl:when test="$kind eq 'O'">
            <code code="AMB" codeSystem="2.16.840.1.113883.5.4" codeSystemName="ActCode" displayName="Ambulatoriale"/>
          </xsl:when>
          <xsl:when test="$kind eq 'I'">
            <code code="IMP" codeSystem="2.16.840.1.113883.5.4" codeSystemName="ActCode" displayName="Ricovero"/>
          </xsl:when>
          <xsl:when test="$kind eq 'E'">
            <code code="EMER" codeSystem="2.16.840.1.113883.5.4" codeSystemName="ActCode" displayName="Pronto soccorso"/>
          </xsl:when>
        </xsl:choose>
        <xsl:call-template name="encounter-interval">
          <xsl:with-param name="encounter" select="$encounter"/>
          <xsl:with-param name="kind" select="$kind"/>
        </xsl:call-template>
        <location>
          <healthCareFacility>
            <xsl:call-template name="unit"/>
            <xsl:call-template name="structure"/>
          </healthCareFacility>
        </location>
      </encompassingEncounter>
    </componentOf>
  </xsl:template>

  <!-- Numbers of encounters are unique within an azienda, so the azienda's own arc is used where it is known:
       .4.6 admissions, .4.7 emergency, .4.13.1 requests of the CUP. -->
  <xsl:template name="encounter-id">
    <xsl:param name="id" as="xs:string?"/>
    <xsl:param name="kind" as="xs:string?"/>
    <xsl:if test="$id">
      <xsl:variable name="owner"
                    select="if (matches($azienda-code, '^[0-9]{6}$'))
                            then $oid-regions || replace($azienda-code, '^0+', '') else $region-root"/>
      <id root="{$owner}{if ($kind eq 'I') then '.4.6' else if ($kind eq 'E') then '.4.7' else '.4.13.1'}"
          extension="{$id}"/>
    </xsl:if>
  </xsl:template>

  <!-- Both ends are written with the offset of the first, because the profile compares them as text. A visit without
       an end ends when it is reported; an admission without an end is still open. -->
  <xsl:template name="encounter-interval">
    <xsl:param name="encounter" as="element()?"/>
    <xsl:param name="kind" as="xs:string?"/>
    <xsl:variable name="end" as="xs:dateTime?" select="$encounter/end ! xs:dateTime(.)"/>
    <xsl:variable name="low" as="xs:dateTime"
                  select="if ($encounter/start) then rsa:italian-time($encounter/start) else $visit-time"/>
    <xsl:variable name="high" as="xs:dateTime?"
                  select="if (exists($end)) then $end[. ge $low]
                          else if ($kind eq 'I') then () else max(($low, $visit-time))"/>
    <effectiveTime>
      <low value="{rsa:timestamp($low)}"/>
      <xsl:if test="exists($high)">
        <high value="{rsa:timestamp(adjust-dateTime-to-timezone($high, timezone-from-dateTime($low)))}"/>
      </xsl:if>
    </effectiveTime>
  </xsl:template>

  <xsl:template name="unit">
    <xsl:variable name="code" select="rsa:code(($resolved/unitCode, $request/encounter/unitCode))"/>
    <xsl:variable name="name" select="rsa:words(($resolved/unitName, $request/encounter/unitName))"/>
    <xsl:if test="$code">
      <id root="{$oid-unit}" extension="{$code}" assigningAuthorityName="{$ministry-of-health}"/>
    </xsl:if>
    <xsl:if test="$name">
      <location>
        <name><xsl:value-of select="$name"/></name>
      </location>
    </xsl:if>
  </xsl:template>

  <!-- The hospital or surgery, and the azienda it is part of. -->
  <xsl:template name="structure">
    <xsl:variable name="structure" select="$resolved/structure"/>
    <xsl:variable name="code" select="rsa:code(($structure/code, $request/encounter/structureCode))"/>
    <xsl:variable name="name" select="rsa:words(($structure/name, $request/encounter/structureName))"/>
    <xsl:if test="$code or $name">
      <serviceProviderOrganization>
        <xsl:if test="$code">
          <id root="{rsa:first-of(($structure/oid, $oid-hospital))}" extension="{$code}"
              assigningAuthorityName="{$ministry-of-health}"/>
        </xsl:if>
        <xsl:if test="$name">
          <name><xsl:value-of select="$name"/></name>
        </xsl:if>
        <xsl:call-template name="organization-telecom">
          <xsl:with-param name="organization" select="$structure"/>
        </xsl:call-template>
        <xsl:call-template name="organization-address">
          <xsl:with-param name="organization" select="$structure"/>
        </xsl:call-template>
        <xsl:if test="$azienda-code">
          <asOrganizationPartOf>
            <id root="{rsa:first-of(($resolved/azienda/oid, $oid-azienda))}" extension="{$azienda-code}"
                assigningAuthorityName="{$ministry-of-health}"/>
          </asOrganizationPartOf>
        </xsl:if>
      </serviceProviderOrganization>
    </xsl:if>
  </xsl:template>

</xsl:stylesheet>
