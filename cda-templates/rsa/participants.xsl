<?xml version="1.0" encoding="UTF-8"?>
<!-- The person, the doctors, the azienda that keeps the document. -->
<xsl:stylesheet version="3.0"
                xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:xs="http://www.w3.org/2001/XMLSchema"
                xmlns:rsa="urn:it:snodo:rsa"
                xmlns="urn:hl7-org:v3"
                exclude-result-prefixes="#all">

  <!-- ===== The person ===== -->

  <xsl:template name="patient">
    <xsl:variable name="patient" as="element()" select="$request/patient"/>
    <recordTarget>
      <patientRole>
        <xsl:call-template name="patient-ids">
          <xsl:with-param name="patient" select="$patient"/>
        </xsl:call-template>
        <xsl:call-template name="patient-address">
          <xsl:with-param name="address" select="$patient/address"/>
        </xsl:call-template>
        <xsl:for-each select="rsa:telecoms($patient/phone)">
          <telecom use="{rsa:telecom-use(., 'HP')}" value="{.}"/>
        </xsl:for-each>
        <patient>
          <xsl:call-template name="person-name">
            <xsl:with-param name="person" select="$patient"/>
          </xsl:call-template>
          <xsl:call-template name="patient-gender">
            <xsl:with-param name="gender" select="rsa:code($patient/gender)"/>
          </xsl:call-template>
          <birthTime>
            <xsl:choose>
              <xsl:when test="$patient/birthDate">
                <xsl:attribute name="value" select="rsa:datestamp($patient/birthDate)"/>
              </xsl:when>
              <xsl:otherwise>
                <xsl:attribute name="nullFlavor" select="'UNK'"/>
              </xsl:otherwise>
            </xsl:choose>
          </birthTime>
          <xsl:call-template name="patient-birthplace">
            <xsl:with-param name="place" select="$patient/birthplace"/>
          </xsl:call-template>
        </patient>
      </patientRole>
    </recordTarget>
  </xsl:template>

  <!-- The first of these becomes the person's identifier in the index, so the codice fiscale leads. The region's own
       number goes under ….4.1: under ….4.1.1 it would be read as an STP and refused beside a codice fiscale. -->
  <xsl:template name="patient-ids">
    <xsl:param name="patient" as="element()"/>
    <xsl:variable name="fiscal-code" select="rsa:code($patient/fiscalCode)"/>
    <xsl:variable name="stp" select="rsa:code($patient/stp)"/>
    <xsl:variable name="eni" select="rsa:code($patient/eni)"/>
    <xsl:variable name="card" select="rsa:code($patient/team/cardNumber)"/>
    <xsl:variable name="personal" select="rsa:code($patient/team/personalNumber)"/>
    <!-- The register answers -1 for a person it does not know. A number that is there already says nothing more, and
         the gateway tells a person's identifiers apart by their extension alone. -->
    <xsl:variable name="regional"
        select="rsa:code($patient/regionalId)[not(. = ('-1', $fiscal-code, $stp, $eni, $card, $personal))]"/>

    <xsl:variable name="ids" as="element()*">
      <xsl:if test="string-length($fiscal-code) eq 16">
        <id root="{$oid-fiscal-code}" extension="{$fiscal-code}" assigningAuthorityName="MEF"/>
      </xsl:if>
      <xsl:if test="$stp">
        <id root="{$oid-stp}" extension="{$stp}"/>
      </xsl:if>
      <xsl:if test="$eni">
        <id root="{$oid-eni}" extension="{$eni}"/>
      </xsl:if>
      <!-- The two numbers of a card identify only together. -->
      <xsl:if test="$card and $personal">
        <xsl:variable name="state" select="rsa:code($patient/team/state)"/>
        <xsl:for-each select="$oid-team-card, $oid-team-personal">
          <id root="{.}" extension="{if (. eq $oid-team-card) then $card else $personal}">
            <xsl:if test="$state">
              <xsl:attribute name="assigningAuthorityName" select="$state"/>
            </xsl:if>
          </id>
        </xsl:for-each>
      </xsl:if>
      <xsl:if test="$regional">
        <id root="{$region-root}.4.1" extension="{$regional}">
          <xsl:call-template name="assigned-by-region"/>
        </id>
      </xsl:if>
    </xsl:variable>

    <xsl:choose>
      <xsl:when test="$ids">
        <xsl:sequence select="$ids"/>
      </xsl:when>
      <!-- A provisional codice fiscale (11 digits) alone: the profile will refuse it by its own rule and name. -->
      <xsl:when test="$fiscal-code">
        <id root="{$oid-fiscal-code}" extension="{$fiscal-code}" assigningAuthorityName="MEF"/>
      </xsl:when>
      <xsl:otherwise>
        <xsl:sequence select="error(xs:QName('rsa:patient-unknown'),
            'La persona non ha alcun identificativo utilizzabile: serve il codice fiscale, STP, ENI o TEAM completa.')"/>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- One family and one given element, whatever the name consists of: the profile counts them. -->
  <xsl:template name="person-name">
    <xsl:param name="person" as="element()"/>
    <name>
      <family>
        <xsl:call-template name="name-part">
          <xsl:with-param name="part" select="rsa:first-of($person/family)"/>
        </xsl:call-template>
      </family>
      <given>
        <xsl:call-template name="name-part">
          <xsl:with-param name="part" select="rsa:first-of($person/given)"/>
        </xsl:call-template>
      </given>
    </name>
  </xsl:template>

  <!-- Some people have one name only. -->
  <xsl:template name="name-part">
    <xsl:param name="part" as="xs:string?"/>
    <xsl:if test="empty($part)">
      <xsl:attribute name="nullFlavor" select="'UNK'"/>
    </xsl:if>
    <xsl:value-of select="$part"/>
  </xsl:template>

  <xsl:template name="patient-gender">
    <xsl:param name="gender" as="xs:string?"/>
    <xsl:variable name="code" select="if ($gender = ('M', 'F')) then $gender else 'UN'"/>
    <administrativeGenderCode code="{$code}" codeSystem="2.16.840.1.113883.5.1"
                              codeSystemName="HL7 AdministrativeGender"
                              displayName="{if ($code eq 'M') then 'Maschio' else if ($code eq 'F') then 'Femmina'
                                            else 'Indifferenziato'}"/>
  </xsl:template>

  <!-- An address counts only with country, city and street; half an address is none. -->
  <xsl:template name="patient-address">
    <xsl:param name="address" as="element()?"/>
    <xsl:variable name="istat" select="rsa:code($address/istatCode)"/>
    <xsl:variable name="country" select="rsa:country(($resolved/residenceCountryCode, $address/country), $istat)"/>
    <xsl:variable name="city" select="rsa:words(($resolved/residenceCityName, $address/city))"/>
    <xsl:variable name="street" select="rsa:first-of($address/street)"/>
    <xsl:variable name="province" select="rsa:first-of(($resolved/residenceProvince, $address/province))"/>
    <xsl:variable name="postal-code" select="rsa:first-of($address/postalCode)"/>
    <xsl:variable name="use" select="rsa:code($address/use)"/>
    <!-- N is where the person was born, not where he lives. -->
    <xsl:if test="$country and $city and $street and not($use = 'N')">
      <addr>
        <xsl:choose>
          <xsl:when test="$use = 'L'"><xsl:attribute name="use" select="'HP'"/></xsl:when>
          <xsl:when test="$use = 'H'"><xsl:attribute name="use" select="'H'"/></xsl:when>
        </xsl:choose>
        <country><xsl:value-of select="$country"/></country>
        <xsl:if test="$province"><county><xsl:value-of select="$province"/></county></xsl:if>
        <city><xsl:value-of select="$city"/></city>
        <xsl:if test="rsa:is-comune($istat)"><censusTract><xsl:value-of select="$istat"/></censusTract></xsl:if>
        <xsl:if test="$postal-code"><postalCode><xsl:value-of select="$postal-code"/></postalCode></xsl:if>
        <streetAddressLine><xsl:value-of select="$street"/></streetAddressLine>
      </addr>
    </xsl:if>
  </xsl:template>

  <!-- Born in Italy: the comune. Born abroad: the state by its ISTAT code, and the city if one is named. -->
  <xsl:template name="patient-birthplace">
    <xsl:param name="place" as="element()?"/>
    <xsl:variable name="istat" select="rsa:code(($resolved/birthplaceIstatCode, $place/istatCode))"/>
    <xsl:variable name="state" select="rsa:foreign-state($istat)"/>
    <xsl:variable name="table-name" select="rsa:words($resolved/birthplaceName)"/>
    <xsl:variable name="given-name" select="rsa:words($place/name)"/>
    <!-- For a birth abroad the table's name is that of the state; only another name can be a city. -->
    <xsl:variable name="city"
                  select="if ($state) then $given-name[not(upper-case(.) = upper-case($table-name))]
                          else ($table-name, $given-name)[1]"/>
    <xsl:if test="$city or $state">
      <birthplace>
        <place>
          <!-- The state is a number in the address: here it has its name, for who reads. -->
          <xsl:if test="$state and $table-name">
            <name><xsl:value-of select="string-join(($city, $table-name), ', ')"/></name>
          </xsl:if>
          <addr>
            <xsl:choose>
              <xsl:when test="$state"><country><xsl:value-of select="$state"/></country></xsl:when>
              <xsl:when test="rsa:is-comune($istat)"><country>100</country></xsl:when>
            </xsl:choose>
            <xsl:if test="$city"><city><xsl:value-of select="$city"/></city></xsl:if>
            <xsl:if test="not($state) and rsa:is-comune($istat)">
              <censusTract><xsl:value-of select="$istat"/></censusTract>
            </xsl:if>
          </addr>
        </place>
      </birthplace>
    </xsl:if>
  </xsl:template>

  <!-- ISTAT code of a comune: six digits; 999 and three digits stand for a foreign state. -->
  <xsl:function name="rsa:is-comune" as="xs:boolean">
    <xsl:param name="istat" as="xs:string?"/>
    <xsl:sequence select="matches($istat, '^[0-9]{6}$') and not(starts-with($istat, '999'))"/>
  </xsl:function>

  <!-- Three digits of a foreign state, from 201 or 999201; nothing for Italy (100) or a comune. -->
  <xsl:function name="rsa:foreign-state" as="xs:string?">
    <xsl:param name="istat" as="xs:string?"/>
    <xsl:sequence select="if (matches($istat, '^(999)?[0-9]{3}$'))
                          then substring($istat, string-length($istat) - 2)[. ne '100'] else ()"/>
  </xsl:function>

  <!-- ISTAT code of the country: as told, else Italy when the city is an Italian comune. -->
  <xsl:function name="rsa:country" as="xs:string?">
    <xsl:param name="candidates" as="item()*"/>
    <xsl:param name="istat" as="xs:string?"/>
    <xsl:variable name="told" select="rsa:first-of($candidates)"/>
    <xsl:sequence select="if (upper-case($told) = ('IT', 'ITA', 'ITALIA')) then '100'
                          else if ($told) then $told
                          else if (rsa:is-comune($istat)) then '100' else rsa:foreign-state($istat)"/>
  </xsl:function>

  <!-- ===== The doctors ===== -->

  <!-- Authorship begins with the visit, but never after the document itself. -->
  <xsl:template name="author">
    <xsl:variable name="author" as="element()?" select="$request/author"/>
    <xsl:if test="empty($author)">
      <xsl:sequence select="error(xs:QName('rsa:author-missing'), 'Manca il medico autore del certificato.')"/>
    </xsl:if>
    <author>
      <time value="{rsa:timestamp(min(($visit-time, $document-time)))}"/>
      <assignedAuthor>
        <xsl:call-template name="professional-id">
          <xsl:with-param name="professional" select="$author"/>
        </xsl:call-template>
        <xsl:call-template name="author-telecom">
          <xsl:with-param name="author" select="$author"/>
        </xsl:call-template>
        <assignedPerson>
          <xsl:call-template name="person-name">
            <xsl:with-param name="person" select="$author"/>
          </xsl:call-template>
        </assignedPerson>
      </assignedAuthor>
    </author>
  </xsl:template>

  <!-- The profile wants a way to reach the author: his own, else what the registry knows, else his unit's, his
       hospital's, his azienda's; if nobody has one, that is said. -->
  <xsl:template name="author-telecom">
    <xsl:param name="author" as="element()"/>
    <xsl:variable name="reached"
                  select="(rsa:telecoms($author/telecom), rsa:telecoms($resolved/authorTelecom),
                           rsa:telecoms($request/encounter/unitTelecom), rsa:telecoms($resolved/structure/telecom),
                           rsa:telecoms($resolved/azienda/telecom))[1]"/>
    <xsl:choose>
      <xsl:when test="$reached"><telecom use="WP" value="{$reached}"/></xsl:when>
      <xsl:otherwise><telecom use="WP" nullFlavor="UNK"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="professional-id">
    <xsl:param name="professional" as="element()"/>
    <xsl:variable name="fiscal-code" select="rsa:code($professional/fiscalCode)"/>
    <xsl:if test="empty($fiscal-code)">
      <xsl:sequence select="error(xs:QName('rsa:doctor-unknown'), 'Manca il codice fiscale del medico.')"/>
    </xsl:if>
    <id root="{$oid-fiscal-code}" extension="{$fiscal-code}" assigningAuthorityName="MEF"/>
  </xsl:template>

  <xsl:template name="legal-authenticator">
    <xsl:variable name="signer" as="element()" select="($request/legalAuthenticator, $request/author)[1]"/>
    <legalAuthenticator>
      <time value="{rsa:timestamp($document-time)}"/>
      <signatureCode code="S"/>
      <assignedEntity>
        <xsl:call-template name="professional-id">
          <xsl:with-param name="professional" select="$signer"/>
        </xsl:call-template>
        <xsl:for-each select="rsa:telecoms($signer/telecom)[1]">
          <telecom use="WP" value="{.}"/>
        </xsl:for-each>
        <assignedPerson>
          <xsl:call-template name="person-name">
            <xsl:with-param name="person" select="$signer"/>
          </xsl:call-template>
        </assignedPerson>
      </assignedEntity>
    </legalAuthenticator>
  </xsl:template>

  <!-- ===== The azienda ===== -->

  <xsl:template name="custodian">
    <xsl:variable name="azienda" select="$resolved/azienda"/>
    <custodian>
      <assignedCustodian>
        <representedCustodianOrganization>
          <xsl:choose>
            <xsl:when test="$azienda-code">
              <id root="{rsa:first-of(($azienda/oid, $oid-azienda))}" extension="{$azienda-code}"
                  assigningAuthorityName="{$ministry-of-health}"/>
            </xsl:when>
            <xsl:otherwise>
              <id nullFlavor="UNK"/>
            </xsl:otherwise>
          </xsl:choose>
          <name>
            <xsl:value-of select="rsa:first-of(($azienda/name, $request/sender/facility, $azienda-code,
                                                $request/sender/application))"/>
          </name>
          <xsl:call-template name="organization-telecom">
            <xsl:with-param name="organization" select="$azienda"/>
          </xsl:call-template>
          <xsl:call-template name="organization-address">
            <xsl:with-param name="organization" select="$azienda"/>
          </xsl:call-template>
        </representedCustodianOrganization>
      </assignedCustodian>
    </custodian>
  </xsl:template>

  <xsl:template name="organization-telecom">
    <xsl:param name="organization" as="element()?"/>
    <xsl:for-each select="rsa:telecoms($organization/telecom)[1]">
      <telecom use="WP" value="{.}"/>
    </xsl:for-each>
  </xsl:template>

  <!-- Every organization of the tables stands in Italy (ISTAT 100). -->
  <xsl:template name="organization-address">
    <xsl:param name="organization" as="element()?"/>
    <xsl:variable name="city" select="rsa:words($organization/city)"/>
    <xsl:variable name="street" select="rsa:words($organization/street)"/>
    <xsl:if test="$city and $street">
      <addr>
        <country>100</country>
        <city><xsl:value-of select="$city"/></city>
        <streetAddressLine><xsl:value-of select="$street"/></streetAddressLine>
      </addr>
    </xsl:if>
  </xsl:template>

</xsl:stylesheet>
