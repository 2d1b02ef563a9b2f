using WfRunner.Core.Config;
using WfRunner.Core.Templates;

namespace WfRunner.Core.Tests.Templates;

public sealed class TemplateEvaluatorTests
{
    private static readonly ConfigMap Scope = Json(
        """{"a":"A","n":5,"nul":null,"arr":[1,2],"o":{"k":"v"},"x-y":"dash","session_time":"2016-01-30T00:00:00-08:00","timezone":"America/Los_Angeles"}""");

    private readonly TemplateEvaluator _templates = new();

    [Theory]
    [InlineData("${a}", "A")]
    [InlineData("${nul}", "")]
    [InlineData("${o.k}", "v")]
    [InlineData("${o}", """{"k":"v"}""")]
    [InlineData("${[1,2]}", "[1,2]")]
    [InlineData("${1.0}", "1")]
    [InlineData("${true}", "true")]
    [InlineData("${arr.map(function(i){return i*5})}", "[5,10]")]
    [InlineData("${this['x-y']}", "dash")]
    [InlineData("${'aaa'.replaceAll('a','A')}", "AAA")]
    [InlineData("${'a.b'.replaceAll('.','x')}", "xxx")]
    [InlineData("${typeof moment.tz}", "undefined")]
    [InlineData("${moment(session_time).format('YYYY/MM/DD HH')}", "2016/01/30 00")]
    [InlineData("${moment(session_time)}", "\"2016-01-30T08:00:00.000Z\"")]
    [InlineData("${v = 3}${v + 1}", "34")]
    [InlineData("${template('x${a}', {a: 9}, true)}", "x9")]
    [InlineData("${NaN}", "null")]
    [InlineData("${function(){}}", "undefined")]
    public void An_expression_becomes_text(string text, string expected) => Assert.Equal(expected, _templates.EvaluateText(text, Scope));

    [Theory]
    [InlineData("${nope}", "ReferenceError: nope is not defined")]
    [InlineData("${nul.x}", "TypeError: Cannot read property 'x' of null")]
    [InlineData("${a.b.c}", "TypeError: Cannot read property 'c' of undefined")]
    [InlineData("${a()}", "TypeError: a is not a function")]
    [InlineData("${(function(){throw a})()}", "A")]
    [InlineData("${for(;;);}", "SyntaxError: ", true)]
    [InlineData("${a;}", "SyntaxError: ", true)]
    [InlineData("${a //c}", "SyntaxError: ", true)]
    [InlineData("${match}", "ReferenceError: match is not defined")]
    [InlineData("${__wf}", "ReferenceError: __wf is not defined")]
    [InlineData("${zoneAbbreviation}", "ReferenceError: zoneAbbreviation is not defined")]
    public void A_failure_tells_the_whole_text_and_the_reason(string text, string reason, bool engineWords = false)
    {
        var error = Assert.Throws<ConfigException>(() => _templates.EvaluateText(text, Scope));

        var start = $"Failed to evaluate a variable {text} ({reason}";
        Assert.StartsWith(engineWords ? start : start + ")", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_knows_the_place_of_the_text()
    {
        var span = new SourceSpan("wf.dig", 3, 9, 3, 16);
        var config = ConfigMap.Of(("echo>", new ConfigText("${nope}", span)));

        Assert.Equal(span, Assert.Throws<ConfigException>(() => _templates.Evaluate(config, Scope)).Span);
    }

    [Theory]
    [InlineData("""{"m":"hi","v":"${m}"}""", "{}", """{"m":"hi","v":"hi"}""")]
    [InlineData("""{"c":"${b}","b":"${a}!","a":"x"}""", """{"b":"${a}!","a":"x"}""", """{"c":"${a}!","b":"x!","a":"x"}""")]
    [InlineData("""{"q":"1","d":"${q}2","p":{"x":"${d}"}}""", """{"q":"1","d":"${q}2"}""", """{"q":"1","d":"12","p":{"x":"${q}2"}}""")]
    [InlineData("""{"_do":{"echo>":"${i}"},"s":{"_else_do":"${i}"}}""", "{}", """{"_do":{"echo>":"${i}"},"s":{"_else_do":"${i}"}}""")]
    [InlineData("""{"k":"v","l":["${k}",1,null]}""", "{}", """{"k":"v","l":["v",1,null]}""")]
    public void Earlier_keys_of_a_level_are_seen_evaluated_and_all_else_unevaluated(string config, string scope, string expected) =>
        Assert.Equal(expected, _templates.Evaluate(Json(config), Json(scope)).ToString());

    [Fact]
    public void A_later_key_of_the_level_is_not_defined() => Assert.Contains(
        "ReferenceError: zz is not defined",
        Assert.Throws<ConfigException>(() => _templates.Evaluate(Json("""{"v":"${zz}","zz":"hi"}"""), ConfigMap.Empty)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_config_without_a_dollar_is_returned_as_it_is() =>
        Assert.Same(Scope, _templates.Evaluate(Scope, ConfigMap.Empty));

    [Theory]
    [InlineData("${leak = 1}", "${typeof leak}", "undefined")]
    [InlineData("${String.prototype.shout = function(){return 'x'}}", "${typeof 'a'.shout}", "undefined")]
    [InlineData("${Array.prototype.push.call(moment.fn, 1)}", "${typeof moment.fn[0]}", "undefined")]
    [InlineData("${moment.locale('fr')}", "${moment(0).utc().format('MMM')}", "Jan")]
    [InlineData("${Object.defineProperty(Array.prototype, 'evil', {value: 1})}", "${[].evil}", "")]
    [InlineData("${/(secret)/.test('secret')}", "${RegExp.$1}", "")]
    [InlineData("${arr.push(9)}", "${arr}", "[1,2]")]
    [InlineData("${delete Math.max}", "${typeof Math.max}", "function")]
    [InlineData("${[].map.constructor('leak2 = 1')()}", "${typeof leak2}", "undefined")]
    [InlineData("${moment['up' + 'dateLocale']('en', {months: ['x']})}", "${moment(0).utc().format('MMMM')}", "January")]
    public void What_one_text_does_no_other_text_sees(string first, string second, string expected)
    {
        // Engines that later texts may share exist already.
        _templates.EvaluateText("${n + 1} ${moment(0).unix()}", Scope);
        try
        {
            _templates.EvaluateText(first, Scope);
        }
        catch (ConfigException)
        {
            // Refused is as good.
        }

        Assert.Equal(expected, _templates.EvaluateText(second, Scope));
    }

    [Theory]
    [InlineData("${System}")]
    [InlineData("${importNamespace('System')}")]
    [InlineData("${java.lang.System}")]
    [InlineData("${require('fs')}")]
    public void The_host_is_out_of_reach(string text) => Assert.Throws<ConfigException>(() => _templates.EvaluateText(text, Scope));

    [Theory]
    [InlineData("${(function f(){return f()})()}", "RangeError: Maximum call stack size exceeded")]
    [InlineData("${(function(){var s = 'x'; for (;;) s += s})()}", "out of memory")]
    [InlineData("${new Array(1e9).join('x')}", "out of memory")]
    public void Depth_and_memory_are_limited(string text, string reason) => Assert.Equal(
        $"Failed to evaluate a variable {text} ({reason})", Assert.Throws<ConfigException>(() => _templates.EvaluateText(text, Scope)).Message);

    [Fact]
    public void Deeply_nested_expressions_are_refused_and_do_not_end_the_process()
    {
        foreach (var expression in new[] { new string('(', 20_000) + "1" + new string(')', 20_000), new string('!', 20_000) + "1", new string('[', 20_000) })
        {
            Assert.Throws<ConfigException>(() => _templates.EvaluateText("${" + expression + "}", Scope));
        }
    }

    [Fact]
    public void An_unknown_time_zone_is_an_error_of_that_kind()
    {
        var error = Assert.Throws<WorkflowException>(() => _templates.EvaluateText("${1 + 1}", ConfigMap.Of(("timezone", "Nowhere/City"))));

        Assert.Equal((FailureKind.ZoneRules, "Unknown time-zone ID: Nowhere/City"), (error.Kind, error.Message));
    }

    [Theory]
    [InlineData(LocalTimeRule.Digdag, "2016-01-30T01:00:00+01:00")]
    [InlineData(LocalTimeRule.Exact, "2016-01-30T00:00:00+00:00")]
    public void Local_time_of_a_zone_that_changed_its_standard_time_follows_the_rule_asked_for(LocalTimeRule rule, string expected) => Assert.Equal(
        expected,
        new TemplateEvaluator(rule).EvaluateText("${moment('2016-01-30T00:00:00Z').format()}", ConfigMap.Of(("timezone", "Europe/London"))));

    [Fact]
    public async Task Many_threads_share_one_evaluator()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() =>
            _templates.EvaluateText("${i} ${i + 1} ${moment(0).utc().add(i, 'days').date()}", ConfigMap.Of(("i", i % 28))))));

        Assert.Equal(Enumerable.Range(0, 64).Select(i => $"{i % 28} {(i % 28) + 1} {(i % 28) + 1}"), results);
    }

    private static ConfigMap Json(string json) => (ConfigMap)ConfigJson.Parse(json);
}
