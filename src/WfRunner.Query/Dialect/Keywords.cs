using System.Collections.Frozen;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>Which words mean something to which engine.</summary>
internal static class Keywords
{
    /// <summary>Words that Presto reserves: never a name without quotes.</summary>
    public static readonly FrozenSet<string> Presto = Words(
        "alter and as between by case cast constraint create cross cube current_catalog current_date current_path current_role "
        + "current_schema current_time current_timestamp current_user deallocate delete describe distinct drop else end escape except "
        + "execute exists extract false for from full group grouping having in inner insert intersect into is join left like listagg "
        + "localtime localtimestamp natural normalize not null on or order outer prepare recursive right rollup select skip table then "
        + "trim true uescape union unnest using values when where with");

    /// <summary>Reserved by DuckDB, free in Presto, and no part of Presto's own grammar behind an expression.</summary>
    public static readonly FrozenSet<string> AlwaysQuoted = Words(
        "user analyse asymmetric check collate deferrable do foreign grant initially lambda pivot pivot_longer pivot_wider placing "
        + "primary qualify references returning summarize symmetric unique unpivot variadic");

    /// <summary>Restricted by DuckDB and free in Presto, where they are grammar only in certain places.</summary>
    public static readonly FrozenSet<string> QuotedAsColumn = Words(
        "all any array asc both column default desc fetch lateral leading limit offset only show some to trailing window anti asof at "
        + "authorization binary collation columns concurrently freeze generated glob ilike isnull map notnull overlaps positional semi "
        + "similar struct tablesample unpack verbose analyze");

    /// <summary>Grammar that may stand behind an expression at the end of a select list, so no alias.</summary>
    public static readonly FrozenSet<string> NeverAlias = Words(
        "asc desc rows row only ties preceding following zone precision varying ordinality limit offset first last all fetch window "
        + "over filter ignore respect nulls within tablesample at");

    // What DuckDB knows as a keyword of any kind it refuses as an alias without AS.
    private static readonly FrozenSet<string> DuckDb = Words(
        "abort absolute access action add admin after aggregate also always assertion assignment attach attribute backward before begin "
        + "bigint bit boolean cache call called cascade cascaded catalog centuries century chain char character characteristics checkpoint "
        + "class close cluster coalesce comment comments commit committed compression configuration conflict connection constraints content "
        + "continue conversion copy cost csv current cursor cycle data database day days dec decade decades decimal declare defaults "
        + "deferred definer delimiter delimiters depends detach dictionary disable discard document domain double each enable encoding "
        + "encrypted enum error event exclude excluding exclusive explain export export_state extension extensions external family filter "
        + "float force forward function functions global granted grouping_id groups handler header hold hour hours identity if immediate "
        + "immutable implicit import include including increment index indexes inherit inherits inline inout input insensitive install "
        + "instead int integer interval invoker isolation json key label language large leakproof level listen load local location lock "
        + "locked logged macro mapping match matched materialized maxvalue merge method microsecond microseconds millennia millennium "
        + "millisecond milliseconds minute minutes minvalue mode month months move name names national nchar new next no none nothing "
        + "notify nowait nullif numeric object of off oids old operator option options others out overlay overriding owned owner parallel "
        + "parser partial partition partitioned passing password percent persistent plans policy position pragma prepared preserve prior "
        + "privileges procedural procedure program publication quarter quarters quote range read real reassign recheck ref referencing "
        + "refresh reindex relative release rename repeatable replace replica reset restart restrict returns revoke role rollback rule "
        + "sample savepoint schema schemas scope scroll search second seconds secret security sequence sequences serializable server session "
        + "set setof sets share simple smallint snapshot sorted source sql stable standalone start statement statistics stdin stdout "
        + "storage stored strict strip subscription substring sysid system tables tablespace target temp template temporary text time "
        + "timestamp transaction transform treat trigger truncate trusted type types unbounded uncommitted unencrypted unknown unlisten "
        + "unlogged until update use vacuum valid validate validator value varchar variable version view views virtual volatile week weeks "
        + "whitespace without work wrapper write xml year years yes");

    // Values that are reserved words.
    private static readonly FrozenSet<string> Values = Words(
        "end null true false current_date current_time current_timestamp localtime localtimestamp current_user current_catalog current_schema");

    /// <summary>Whether DuckDB refuses the word as an alias without <c>AS</c>, though Presto takes it.</summary>
    public static bool NeedsQuotesAsAlias(string word) =>
        !Presto.Contains(word) && !NeverAlias.Contains(word)
        && (DuckDb.Contains(word) || AlwaysQuoted.Contains(word) || QuotedAsColumn.Contains(word));

    /// <summary>Whether a node can be the end of an expression, so that a name behind it is an alias.</summary>
    public static bool EndsExpression(SqlNode? node) => node switch
    {
        SqlGroup group => group.Open.Text is "(" or "[" or "",
        SqlLeaf { Token: { Kind: SqlTokenKind.Word } token } => !Presto.Contains(token.Text) || Values.Contains(token.Text),
        SqlLeaf leaf => leaf.Token.Kind is SqlTokenKind.QuotedName or SqlTokenKind.Text or SqlTokenKind.Number,
        _ => false,
    };

    private static FrozenSet<string> Words(string words) => words.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
