using System.Net;
using NodaTime;
using NodaTime.Testing;
using WfRunner.Cloud.Objects;
using WfRunner.Core;
using WfRunner.Tests.Shared;

namespace WfRunner.Cloud.Tests.Objects;

public sealed class GcsObjectStoreTests : ObjectStoreContract, IDisposable
{
    private readonly GcsServer _server = new();
    private readonly FakeClock _clock = new(SystemClock.Instance.GetCurrentInstant());
    private readonly GcsObjectStore _store;

    public GcsObjectStoreTests() => _store = Open(Settings);

    protected override IObjectStore Store => _store;

    private GcsSettings Settings => new(GcsServer.Bucket) { Endpoint = new Uri(_server.Address), Credential = _server.Credential, CredentialName = "archive.gcs.credentials.json.content" };

    public void Dispose()
    {
        _store.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task A_signed_address_gives_the_object_without_credentials()
    {
        await PutAsync("a b/c+d%.gz", Text);
        using var http = new HttpClient();

        var address = await _store.SignAsync("a b/c+d%.gz", Duration.FromMinutes(10));

        Assert.Equal(Text, await http.GetStringAsync(address, Cancellation));
        using var changed = await http.GetAsync(new Uri(address!.AbsoluteUri.Replace("X-Goog-Expires=600", "X-Goog-Expires=601", StringComparison.Ordinal)), Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, changed.StatusCode);
    }

    [Fact]
    public async Task A_token_is_renewed_before_it_expires()
    {
        await PutAsync("a", Text);
        _clock.AdvanceHours(1);

        Assert.Equal(Text, await ReadAsync("a"));
    }

    [Fact]
    public async Task What_was_damaged_on_the_way_is_not_kept()
    {
        _server.Damages = true;

        var e = await Assert.ThrowsAsync<ObjectStoreException>(() => PutAsync("a", Text));

        Assert.True(e.MayPass);
        Assert.Contains("damaged on the way", e.Message, StringComparison.Ordinal);
        Assert.Empty(_server.Objects);
    }

    [Theory]
    [InlineData(403, false)]
    [InlineData(412, false)]
    [InlineData(429, true)]
    [InlineData(503, true)]
    public async Task Refusals_are_final_and_trouble_passes(int status, bool mayPass)
    {
        _server.Failures.Enqueue(status);

        var e = await Assert.ThrowsAsync<ObjectStoreException>(() => PutAsync("a", Text));

        Assert.Equal(mayPass, e.MayPass);
        Assert.Equal($"Failed to store gs://data/a: {status} sorry", e.Message);
    }

    [Theory]
    [InlineData("no json", "archive.gcs.credentials.json.content is no credential of Google in JSON")]
    [InlineData("""{"type":"authorized_user","client_id":"i"}""", "direct_download needs the key of a service account to sign addresses with, and archive.gcs.credentials.json.content holds none")]
    [InlineData("""{"type":"service_account","client_email":"e","private_key":"secret"}""", "Unable to parse archive.gcs.credentials.json.content: its private_key is no RSA key in PEM form")]
    public void A_credential_that_cannot_do_it_is_told_at_once(string credential, string message)
    {
        var e = Assert.Throws<ConfigException>(() => Open(Settings with { Credential = credential, Signs = true }));

        Assert.Equal(message, e.Message);
    }

    private GcsObjectStore Open(GcsSettings settings) => new(settings, "wf-tests", new NoLog(), _clock);
}
